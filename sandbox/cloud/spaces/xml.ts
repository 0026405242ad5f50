/** The little XML that S3 speaks: flat documents without attributes of meaning. */

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const ENTITIES = Object.fromEntries(Object.entries(ESCAPES).map(([character, entity]) => [entity, character]));

/** Text, or elements in order. A name may be followed by attributes; an undefined value leaves its element out. */
export type XmlContent = string | number | boolean | readonly XmlElement[];
export type XmlElement = readonly [name: string, value: XmlContent | undefined];

/** An element, for lists of them. */
export function element(name: string, content: XmlContent | undefined): XmlElement {
  return [name, content];
}

/** A document with the S3 namespace. */
export function xmlDocument(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${inner(content)}</${root}>`;
}

/** Error documents have no namespace. */
export function xmlError(fields: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner(fields)}</Error>`;
}

/** Text of the first element of a name, at any depth; undefined when there is none. */
export function textOf(xml: string, name: string): string | undefined {
  const [block] = blocksOf(xml, name);
  return block === undefined ? undefined : unescape(block);
}

/** Contents of all elements of a name, still escaped. */
export function blocksOf(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?(?:/>|>([\\s\\S]*?)</${name}\\s*>)`, 'g');
  return [...xml.matchAll(pattern)].map(([, content]) => content ?? '');
}

function inner(content: XmlContent): string {
  if (typeof content !== 'object') return escape(String(content));
  return content
    .map(([name, value]) => (value === undefined ? '' : `<${name}>${inner(value)}</${name.split(' ')[0]}>`))
    .join('');
}

/** Control characters have no place in XML, but may stand in a key: those are answered as references. */
function escape(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (character) => ESCAPES[character]!)
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u001f]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`)
  );
}

function unescape(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|\w+);/gi, (entity, hex?: string, decimal?: string) => {
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(parseInt(decimal, 10));
    return ENTITIES[entity] ?? entity;
  });
}

/** Changes forge.yaml as a person would: what is not concerned stays as it is, comments and spaces included. */
import { isMap, isScalar, isSeq, parseDocument, type Document, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** Lists of people, as paths in forge.yaml. */
const LISTS = [['operators'], ['login', 'people']] as const;

/** @param text a valid forge.yaml @returns it without anybody of this name */
export function withoutPerson(text: string, name: string): string {
  return LISTS.reduce((rest, path) => withoutEntry(rest, path, name), text);
}

/** @param text a valid forge.yaml that has somebody of this name in login.people */
export function withPasswordHash(text: string, name: string, hash: string): string {
  const list = pairAt(parseDocument(text), LISTS[1])?.value as YAMLSeq<YAMLMap>;
  const person = list.items.find((item) => item.get('name') === name)!;
  const known = person.get('passwordHash', true);
  if (isScalar(known)) return `${text.slice(0, known.range![0])}${hash}${text.slice(known.range![1])}`;
  const last = person.items.at(-1)!;
  const end = endOf(text, (last.value as { range: readonly [number, number, number] }).range);
  if (person.flow) return `${text.slice(0, end)}, passwordHash: ${hash}${text.slice(end)}`;
  const line = text.indexOf('\n', end);
  const start = (last.key as { range: readonly [number, number, number] }).range[0];
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start) + 1));
  const place = line === -1 ? text.length : line;
  return `${text.slice(0, place)}\n${indent}passwordHash: ${hash}${text.slice(place)}`;
}

/** @param text a valid forge.yaml */
export function withAdminCertificate(text: string, generation: number): string {
  const document: Document = parseDocument(text);
  const found = document.getIn(['rotation', 'adminCertificate'], true);
  if (isScalar(found)) return `${text.slice(0, found.range![0])}${generation}${text.slice(found.range![1])}`;
  document.setIn(['rotation', 'adminCertificate'], generation);
  return document.toString({ lineWidth: 0 });
}

function withoutEntry(text: string, path: readonly string[], name: string): string {
  const pair = pairAt(parseDocument(text), path);
  const list = pair?.value;
  if (!isSeq(list) || !isScalar(pair?.key)) return text;
  const index = list.items.findIndex((item) => isMap(item) && item.get('name') === name);
  if (index === -1) return text;
  if (list.items.length === 1) {
    const end = endOf(text, list.range!);
    return `${text.slice(0, pair.key.range![1])}: []${text.slice(end)}`;
  }
  const ranges = (list.items as YAMLMap[]).map(({ range }) => range!);
  const [start, ...rest] = ranges[index]!;
  if (!list.flow) {
    const next = text.indexOf('\n', endOf(text, [start, ...rest]));
    return text.slice(0, text.lastIndexOf('\n', start) + 1) + text.slice(next + 1);
  }
  const others = ranges.filter((_, place) => place !== index).map((range) => text.slice(range[0], range[1]));
  return `${text.slice(0, list.range![0])}[${others.join(', ')}]${text.slice(list.range![1])}`;
}

function pairAt(document: Document, path: readonly string[]): Pair | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  return parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
}

/** Where a value ends, without the lines after it. */
function endOf(text: string, [start, end]: readonly [number, number, ...number[]]): number {
  return start + text.slice(start, end).trimEnd().length;
}

/** A YAML file as plain data that still knows its lines. */
import { type Alias, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { KeyPath, Position } from './fault';

export interface YamlFile {
  /** Mistakes of YAML itself; with any, the data means nothing. */
  readonly errors: readonly (Position & { readonly message: string })[];
  readonly data: unknown;
  /** Where a key stands, or the nearest one around it that does. */
  readonly positionOf: (path: KeyPath) => Position;
}

/** Where the library's own are about its functions, or about something else. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key stands in the same place twice',
  MULTIPLE_DOCS: 'a second document starts here; the file may hold one: remove the line, or what follows it',
};

/** A key without a value counts as absent: what is left when everything below it is commented out. */
export function parseYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument<Node>(text, { lineCounter: lines, prettyErrors: false });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const errors = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    ...position(pos[0]),
    message: OWN_WORDS[code] ?? message,
  }));
  const { data, error } = errors.length === 0 ? plainData(document) : {};
  if (error !== undefined) errors.push({ ...position(0), message: error });
  const resolve = (alias: Alias): Node | undefined => alias.resolve(document);
  return { errors, data, positionOf: (path) => position(offsetOf(document.contents ?? undefined, path, resolve)) };
}

/** Aliases are only followed here: one may lead nowhere, into itself, or to too much. */
function plainData(document: { toJS(): unknown }): { data?: unknown; error?: string } {
  try {
    // JSON.stringify throws when an alias leads into itself.
    return { data: withoutNulls(JSON.parse(JSON.stringify(document.toJS()))) };
  } catch (error) {
    return { error: error instanceof ReferenceError ? error.message : 'an alias leads into itself' };
  }
}

function offsetOf(root: Node | undefined, path: KeyPath, resolve: (alias: Alias) => Node | undefined): number {
  let node = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    const container = isAlias(node) ? resolve(node) : node;
    const pair = isMap(container) ? pairOf(container, part) : undefined;
    const next = isSeq<Node>(container) ? container.items[Number(part)] : pair?.key;
    if (!next?.range) break;
    offset = next.range[0];
    node = pair ? pair.value : next;
  }
  return offset;
}

function pairOf(map: YAMLMap, key: string | number): { key: Node; value: Node | undefined } | undefined {
  const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
  return pair as { key: Node; value: Node | undefined } | undefined;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutNulls(child)]));
}

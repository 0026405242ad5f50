/** A file of k8s/ as text whose values can be changed without touching a comment or a space elsewhere. */
import { isAlias, isCollection, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Alias, Document, Scalar } from 'yaml';
import { CommandFailure } from '#clients/failure';
import { yamlText } from '#config/yaml-text';
import type { Step } from './rules';

export interface Manifest {
  readonly file: string;
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
  /** Line of an offset in the text, from 1. */
  readonly lineAt: (offset: number) => number;
}

/** A piece of the text and what comes in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @throws CommandFailure when the text is not YAML */
export function parseManifest(file: string, text: string): Manifest {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  const parsed = 'empty' in documents ? [] : documents;
  for (const { errors } of parsed) {
    const [error] = errors;
    if (!error) continue;
    const { line } = lines.linePos(error.pos[0]);
    throw new CommandFailure(`k8s/${file}:${line} is not valid YAML: ${error.message.split('\n')[0]} Mend it first.`);
  }
  return { file, text, documents: parsed, lineAt: (offset) => lines.linePos(offset).line };
}

/** The scalar at a path, or an alias of one; undefined when the document has none there. */
export function scalarAt(document: Document.Parsed, path: readonly Step[]): Scalar | Alias | undefined {
  const node = nodeAt(document, path);
  return isScalar(node) || (isAlias(node) && isScalar(node.resolve(document))) ? node : undefined;
}

/** What a path leads to; aliases on the way are followed. */
export function nodeAt(document: Document.Parsed, path: readonly Step[]): unknown {
  let node: unknown = document.contents;
  for (const step of path) node = child(isAlias(node) ? node.resolve(document) : node, step);
  return node;
}

/** What a reader finds there. */
export function valueOf(scalar: Scalar | Alias | undefined, document: Document.Parsed): unknown {
  return isAlias(scalar) ? (scalar.resolve(document) as Scalar).value : scalar?.value;
}

/** Puts a key before the others of a map; undefined for what is no map or has nothing in it. */
export function insertion(map: unknown, key: string, value: string, text: string): Edit | undefined {
  const first = isMap(map) && isNode(map.items[0]?.key) ? map.items[0].key.range?.[0] : undefined;
  if (!isMap(map) || first === undefined) return undefined;
  const indent = first - (text.lastIndexOf('\n', first - 1) + 1);
  const separator = map.flow ? ', ' : `\n${' '.repeat(indent)}`;
  return { start: first, end: first, text: `${key}: ${asScalar(value)}${separator}` };
}

function child(node: unknown, step: Step): unknown {
  if (typeof step !== 'object') return isCollection(node) ? node.get(step, true) : undefined;
  if (!isSeq(node)) return undefined;
  return node.items.find(
    (item) => isMap(item) && Object.entries(step).every(([key, value]) => item.get(key) === value),
  );
}

/** Where a scalar stands in the text, quotes and block indicator included, comments not. */
export function placeOf(scalar: Scalar | Alias): { start: number; end: number } {
  const [start, end] = scalar.range!;
  return { start, end };
}

/** A string as YAML on one line, quoted only where it must be. */
export function asScalar(value: string): string {
  return yamlText(value, { singleQuote: true, lineWidth: 0 }).trimEnd();
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end),
      text,
    );
}

/** A file of k8s/ as text whose values can be changed without touching a comment or a space elsewhere. */
import { isCollection, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, stringify } from 'yaml';
import type { Document, Scalar } from 'yaml';
import { CommandFailure } from '#clients/failure';
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

/** The scalar at a path; undefined when the document has none there. */
export function scalarAt(document: Document.Parsed, path: readonly Step[]): Scalar | undefined {
  let node: unknown = document.contents;
  for (const step of path) node = child(node, step);
  return isScalar(node) ? node : undefined;
}

function child(node: unknown, step: Step): unknown {
  if (typeof step !== 'object') return isCollection(node) ? node.get(step, true) : undefined;
  if (!isSeq(node)) return undefined;
  return node.items.find(
    (item) => isMap(item) && Object.entries(step).every(([key, value]) => item.get(key) === value),
  );
}

/** Where a scalar stands in the text, quotes and block indicator included, comments not. */
export function placeOf(scalar: Scalar): { start: number; end: number } {
  const [start, end] = scalar.range!;
  return { start, end };
}

/** A string as YAML on one line, quoted only where it must be. */
export function asScalar(value: string): string {
  return stringify(value, { singleQuote: true, lineWidth: 0 }).trimEnd();
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end),
      text,
    );
}

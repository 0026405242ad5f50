/** Rules on one manifest: what would have to change. */
import { isAlias, isMap, isNode, isScalar, isSeq, type Alias, type Document, type Scalar } from 'yaml';
import type { ForgeConfig } from '#config/schema';
import { asScalar, insertion, nodeAt, placeOf, scalarAt, valueOf, type Edit, type Manifest } from './manifest';
import type { Rule, Step } from './rules';

/** A value that differs from what it should be. */
export interface Change {
  /** Path under k8s/. */
  readonly file: string;
  readonly line: number;
  /** Kind, name and key, as a person would say it. */
  readonly at: string;
  readonly found: string;
  readonly wanted: string;
}

/** How a rule fared on a manifest: absent when no document of it is concerned. */
export interface Outcome {
  readonly rule: Rule;
  /** A concerned document has no such key, or not the text to replace. */
  readonly missing: boolean;
  /** Present when the value differs, with the edit that sets it right. */
  readonly change?: Change;
  readonly edit?: Edit;
}

export function applyRule(rule: Rule, config: ForgeConfig, manifest: Manifest): Outcome[] {
  return manifest.documents
    .filter((document) => concerns(rule, document))
    .map((document) => {
      const wanted = rule.value(config);
      const piece = placeIn(rule, wanted, document, manifest.text);
      if (!piece) return { rule, missing: true };
      const { start, end, found, isMisread } = piece;
      if (found === wanted && !isMisread) return { rule, missing: false };
      const text = piece.text ?? textOf(rule, wanted, piece, manifest.text);
      const said = found === wanted ? asScalar(wanted) : linesOnlyIn(wanted, found);
      const at = describe(document, rule.path);
      return {
        rule,
        missing: false,
        change: {
          file: manifest.file,
          line: manifest.lineAt(start),
          at,
          found: linesOnlyIn(found, wanted),
          wanted: said,
        },
        edit: { start, end, text },
      };
    });
}

function textOf({ within }: Rule, wanted: string, piece: Piece, text: string): string {
  if (within) return wanted;
  return wanted.includes('\n') ? asBlock(wanted, piece, text) : spaced(asScalar(wanted), piece, text);
}

/** A text of several lines, as a block under its key. */
function asBlock(wanted: string, { start }: Piece, text: string): string {
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
  const indent = ' '.repeat(line.search(/\S/) + 2);
  return `|\n${wanted.replaceAll(/^(?=.)/gm, indent)}`;
}

/** What a person must see of a long text. */
function linesOnlyIn(one: string, other: string): string {
  if (!one.includes('\n')) return one;
  const known = new Set(other.split('\n'));
  return one
    .split('\n')
    .filter((line) => !known.has(line))
    .join('\n  ');
}

/** Where a key has no value, there may be no space between it and what stands beside it. */
function spaced(value: string, { start, end }: Piece, text: string): string {
  return (text[start - 1] === ':' ? ' ' : '') + value + (text[end] === '#' ? ' ' : '');
}

interface Piece extends Omit<Edit, 'text'> {
  readonly found: string;
  /** Default: the value. */
  readonly text?: string;
  /** The right text, but without the quotes that it needs. */
  readonly isMisread?: boolean;
}

function placeIn(rule: Rule, wanted: string, document: Document.Parsed, text: string): Piece | undefined {
  if (rule.perWord) return listOf(rule, wanted, document, text);
  const scalar = scalarAt(document, rule.path);
  return scalar ? pieceOf(rule, scalar, document, text) : gapOf(rule, wanted, document, text);
}

/** All elements of a list, each to be written as the first one is. */
function listOf({ path }: Rule, wanted: string, document: Document.Parsed, text: string): Piece | undefined {
  const list = nodeAt(document, path);
  const items = isSeq(list) ? list.items : [];
  const [first, last] = [items[0], items.at(-1)];
  const name = scalarAt(document, isMap(first) ? [...path, 0, 'name'] : [...path, 0]);
  if (!isNode(first) || !isNode(last) || name === undefined) return undefined;
  const [start, firstEnd] = first.range!;
  const { start: nameStart, end: nameEnd } = placeOf(name);
  const [before, after] = [text.slice(start, nameStart), text.slice(nameEnd, firstEnd).trimEnd()];
  const dash = text.slice(text.lastIndexOf('\n', start) + 1, start);
  const elements = wanted.split(' ').map((word) => before + asScalar(word) + after);
  const found = items
    .map((item) => String(isMap(item) ? item.get('name') : isScalar(item) ? item.value : item))
    .join(' ');
  const end = start + text.slice(start, last.range![1]).trimEnd().length;
  return { start, end, found, text: elements.join(`\n${dash}`) };
}

/** Where an object that is ours lacks a key, such as one layer of several its revision: the place for it. */
function gapOf(
  { name, when, path, within }: Rule,
  wanted: string,
  document: Document.Parsed,
  text: string,
): Piece | undefined {
  const key = path.at(-1);
  if (!(name ?? when) || within || typeof key !== 'string' || nodeAt(document, path) !== undefined) return undefined;
  const edit = insertion(nodeAt(document, path.slice(0, -1)), key, wanted, text);
  return edit && { ...edit, found: 'nothing' };
}

function concerns({ kind, name, when }: Rule, document: Document.Parsed): boolean {
  if (document.get('kind') !== kind) return false;
  if (name !== undefined && document.getIn(['metadata', 'name']) !== name) return false;
  return (
    !when ||
    String(valueOf(scalarAt(document, when.path), document))
      .replace(/^(\.?\/)+/, '')
      .startsWith(when.startsWith)
  );
}

function pieceOf(rule: Rule, scalar: Scalar | Alias, document: Document.Parsed, text: string): Piece | undefined {
  const { start, end } = placeOf(scalar);
  if (!rule.within) {
    const found = start === end ? 'nothing' : String(valueOf(scalar, document));
    return { start, end, found, isMisread: !isAlias(scalar) && scalar.type === 'PLAIN' && asScalar(found) !== found };
  }
  const match = rule.within.exec(text.slice(start, end));
  if (!match) return undefined;
  const from = start + match.index;
  return { start: from, end: from + match[0].length, found: match[0] };
}

function describe(document: Document.Parsed, path: readonly Step[]): string {
  const name = document.getIn(['metadata', 'name']) as string | undefined;
  const keys = path.map((step) => (typeof step === 'object' ? Object.values(step).join() : String(step)));
  return [document.get('kind') as string, name, keys.join('.')].filter(Boolean).join(' ');
}

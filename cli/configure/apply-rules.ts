/** Rules on one manifest: what would have to change. */
import type { Document, Scalar } from 'yaml';
import type { ForgeConfig } from '#config/schema';
import { asScalar, placeOf, scalarAt, type Edit, type Manifest } from './manifest';
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
  const wanted = rule.value(config);
  return manifest.documents
    .filter((document) => concerns(rule, document))
    .map((document) => {
      const scalar = scalarAt(document, rule.path);
      const piece = scalar && pieceOf(rule, scalar, manifest.text);
      if (!piece) return { rule, missing: true };
      if (piece.found === wanted) return { rule, missing: false };
      const { start, end, found } = piece;
      return {
        rule,
        missing: false,
        change: { file: manifest.file, line: manifest.lineAt(start), at: describe(document, rule.path), found, wanted },
        edit: { start, end, text: rule.within ? wanted : asScalar(wanted) },
      };
    });
}

function concerns({ kind, name, when }: Rule, document: Document.Parsed): boolean {
  if (document.get('kind') !== kind) return false;
  if (name !== undefined && document.getIn(['metadata', 'name']) !== name) return false;
  return !when || String(scalarAt(document, when.path)?.value).startsWith(when.startsWith);
}

function pieceOf(rule: Rule, scalar: Scalar, text: string): { start: number; end: number; found: string } | undefined {
  const { start, end } = placeOf(scalar);
  if (!rule.within) return { start, end, found: String(scalar.value) };
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

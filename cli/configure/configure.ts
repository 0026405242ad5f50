/** Writes what forge.yaml says into the manifests, in place: comments, order and everything else stay as they are. */
import type { ForgeConfig } from '#config/schema';
import type { ManifestFiles } from '../manifests/folder';
import { applyRule, type Change } from './apply-rules';
import { checksumRules } from './checksums';
import { applyEdits, parseManifest, type Manifest } from './manifest';
import { RULES, type Rule } from './rules';

export interface Configured {
  /** The same files, as they should be. */
  readonly files: ManifestFiles;
  /** What differs, in the order of the files. Empty: nothing to do. */
  readonly changes: readonly Change[];
  /** Rules that found no place: their document is gone, or no longer has the key. */
  readonly unplaced: readonly Rule[];
}

/**
 * Pure and idempotent: `configure(config, configure(config, files).files).changes` is empty.
 *
 * @throws CommandFailure when a file is not YAML
 */
export function configure(config: ForgeConfig, files: ManifestFiles): Configured {
  const values = pass(config, parsed(files), RULES);
  const edited = parsed(values.files);
  const checksums = pass(config, edited, checksumRules(edited));
  return {
    files: checksums.files,
    changes: [...values.changes, ...checksums.changes].sort(byPlace),
    unplaced: values.unplaced,
  };
}

/** What each file was when it was last read: to parse is most of the work, and few files change. Nobody changes these. */
const known = new Map<string, Manifest>();

function parsed(files: ManifestFiles): Manifest[] {
  return [...files].map(([file, text]) => {
    const last = known.get(file);
    const manifest = last?.text === text ? last : parseManifest(file, text);
    known.set(file, manifest);
    return manifest;
  });
}

function pass(config: ForgeConfig, manifests: readonly Manifest[], rules: readonly Rule[]): Configured {
  const results = manifests.map((manifest) => {
    const outcomes = rules.flatMap((rule) => applyRule(rule, config, manifest));
    return { manifest, outcomes, edits: outcomes.flatMap(({ edit }) => edit ?? []) };
  });
  const outcomes = results.flatMap((result) => result.outcomes);
  const placed = new Set(outcomes.filter(({ missing }) => !missing).map(({ rule }) => rule));
  return {
    files: new Map(results.map(({ manifest, edits }) => [manifest.file, applyEdits(manifest.text, edits)])),
    changes: outcomes.flatMap(({ change }) => change ?? []),
    unplaced: rules.filter((rule) => !placed.has(rule)),
  };
}

function byPlace(a: Change, b: Change): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}

/** What a Kustomize folder brings, as far as it can be told without running Kustomize. */
import { dirname, join, normalize } from 'node:path/posix';
import { parse } from 'yaml';
import type { Files } from './repository';

export interface KustomizeResources {
  /** Files of the checkout. */
  readonly files: readonly string[];
  /** URLs, whose content is not looked at. */
  readonly remote: readonly string[];
}

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** They change or make names, which this file does not follow. */
const NOT_FOLLOWED = [
  ...['namePrefix', 'nameSuffix', 'namespace', 'components', 'bases', 'generators', 'transformers'],
  ...['configMapGenerator', 'secretGenerator', 'helmCharts', 'replacements'],
];

/** The kustomization file of a folder, if it has one. */
export function kustomizationIn(folder: string, files: Files): string | undefined {
  return NAMES.map((name) => join(folder, name)).find((path) => files.has(path));
}

/** Throws an Error for what it cannot follow. */
export function kustomizeResources(file: string, files: Files): KustomizeResources {
  const content = (parse(files.get(file) ?? '') ?? {}) as Record<string, unknown>;
  const hidden = NOT_FOLLOWED.find((field) => content[field] !== undefined);
  if (hidden !== undefined) {
    throw new Error(
      `${file} uses ${hidden}, which forge layers removed cannot follow. List the objects under resources.`,
    );
  }
  const entries = ((content['resources'] ?? []) as string[]).map((entry) => ({
    entry,
    path: normalize(join(dirname(file), entry)),
  }));
  const local = entries.filter(({ entry, path }) => !isRemote(entry) || files.has(path));
  const folders = local.flatMap(({ path }) => {
    const nested = kustomizationIn(path, files);
    return nested === undefined || nested === file ? [] : [kustomizeResources(nested, files)];
  });
  return {
    files: [...local.map(({ path }) => path).filter((path) => files.has(path)), ...folders.flatMap((one) => one.files)],
    remote: [
      ...entries.filter(({ entry }) => isRemote(entry)).map(({ entry }) => entry),
      ...folders.flatMap((one) => one.remote),
    ],
  };
}

function isRemote(entry: string): boolean {
  return entry.includes('://') || entry.startsWith('github.com/') || entry.startsWith('git@');
}

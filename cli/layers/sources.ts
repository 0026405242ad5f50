/** Which files of this repository an Application of Argo CD reads. What is not read here as Argo CD reads it is refused. */
import { basename, dirname, normalize } from 'node:path/posix';
import { isManifestFile } from '../manifests/documents';
import type { Files } from './repository';

/** As in the spec of an Application. */
export interface SourceSpec {
  readonly path?: string | null;
  readonly chart?: string | null;
  readonly directory?: {
    readonly recurse?: boolean | null;
    readonly include?: string | null;
    readonly exclude?: string | null;
    readonly jsonnet?: unknown;
  } | null;
  readonly helm?: unknown;
  readonly kustomize?: unknown;
  readonly plugin?: unknown;
}

const FOLDER = 'k8s';
const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** With it anywhere in its text, a file is not read. */
const SKIP_MARKER = '+argocd:skip-file-rendering';
const WRITE_OUT = 'write the manifests that it makes into the folder';

/** Whether it reads a folder of k8s/; the charts and repositories of others are not looked into. */
export function isOwn(source: SourceSpec): boolean {
  const folder = folderOf(source);
  return !source.chart && (folder === FOLDER || folder.startsWith(`${FOLDER}/`));
}

/** @param application its name @throws Error that names what cannot be followed */
export function sourceFiles(source: SourceSpec, application: string, files: Files): string[] {
  const folder = folderOf(source);
  for (const tool of ['helm', 'kustomize', 'plugin'] as const)
    if (source[tool]) throw new Error(`${tool}: of Application ${application} cannot be followed here: ${WRITE_OUT}.`);
  const { recurse, include, exclude, jsonnet } = source.directory ?? {};
  const inFolder = [...files.keys()].filter((file) => dirname(file) === folder);
  const changing = inFolder.find((file) => changesSource(basename(file), application));
  if (changing !== undefined)
    throw new Error(`${changing} cannot be followed here: write what it sets into Application ${application}.`);
  // To Argo CD, a directory without any of these is none: it looks for Kustomize and Helm.
  const isPlain = recurse || include || exclude || jsonnet;
  const tool = isPlain ? undefined : inFolder.find((file) => isOfTool(basename(file)));
  if (tool !== undefined) throw new Error(`${tool} cannot be followed here: ${WRITE_OUT}.`);
  const read = [...files]
    .filter(([file]) => (recurse ? file.startsWith(`${folder}/`) : dirname(file) === folder))
    .filter(([file, text]) => isRead(file.slice(folder.length + 1), text, { include, exclude }))
    .map(([file]) => file);
  const jsonnetFile = read.find((file) => file.endsWith('.jsonnet'));
  if (jsonnetFile !== undefined) throw new Error(`${jsonnetFile} cannot be followed here: ${WRITE_OUT}.`);
  return read;
}

function folderOf({ path }: SourceSpec): string {
  return normalize(path || '.').replace(/\/$/, '');
}

/** Argo CD lays it over the source. */
function changesSource(name: string, application: string): boolean {
  return name === '.argocd-source.yaml' || name === `.argocd-source-${application}.yaml`;
}

function isOfTool(name: string): boolean {
  return KUSTOMIZATIONS.includes(name) || name.endsWith('Chart.yaml');
}

/** @param path from the source's folder */
function isRead(path: string, text: string, { include, exclude }: NonNullable<SourceSpec['directory']>): boolean {
  if (!isManifestFile(path) && !path.endsWith('.jsonnet')) return false;
  if (exclude && matches(exclude, path)) return false;
  if (include && !matches(include, path)) return false;
  return !text.includes(SKIP_MARKER);
}

/** Argo CD's globs: a star also stands for slashes; a pattern that cannot be read matches nothing. */
function matches(pattern: string, path: string): boolean {
  let depth = 0;
  const parts = pattern.match(/\\.|\[!?[^\]]*\]|\*+|[^]/gu) ?? [];
  const expression = parts.map((part) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.startsWith('[') && part.length > 1) return part.replace(/^\[!/, '[^');
    if (part === '{') return (depth++, '(?:');
    if (part === '}' && depth > 0) return (depth--, ')');
    if (part === ',' && depth > 0) return '|';
    return (part.startsWith('\\') ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  try {
    return new RegExp(`^${expression.join('')}$`, 'su').test(path);
  } catch {
    return false;
  }
}

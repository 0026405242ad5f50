/** The objects that a source of an Application brings, made by the tool that Argo CD would choose. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, normalize } from 'node:path';
import { parse } from 'yaml';
import type { ManifestDocument } from '../../manifests/documents';
import { checkedSource, type Owner, type SourceSpec } from '../application';
import type { Tree } from '../checkout';
import { directoryObjects } from './directory';
import { helmObjects, pulledChart } from './helm';
import { kustomizations, kustomizeObjects } from './kustomize';

export interface FoundObject {
  readonly document: ManifestDocument;
  /** Or the folder or chart of which a tool made it. */
  readonly file: string;
}

/** Where sources are rendered. */
export interface Workshop {
  readonly tree: Tree;
  /** Private. */
  readonly scratch: string;
  /** Path of a program, in the version that Argo CD is tested with. */
  readonly tool: (name: 'kubectl' | 'helm') => Promise<string>;
}

export interface Place {
  /** What the source may read: the repository, or an unpacked chart. */
  readonly tree: Tree;
  /** In the tree. */
  readonly path: string;
}

const SKIPPED: FoundObject[] = [];

/** @throws Error that says what cannot be rendered, or why Argo CD would refuse it */
export async function sourceObjects(source: SourceSpec, owner: Owner, workshop: Workshop): Promise<FoundObject[]> {
  if (source.chart) return chartObjects(source, owner, workshop);
  if (!isOwn(source, workshop.tree)) throw new Error(`it reads ${whereFrom(source)}, which is not looked into`);
  // For the value files of others.
  if (source.ref && !source.path) return SKIPPED;
  const place = { tree: workshop.tree, path: checkedPath(source.path ?? '.', workshop.tree) };
  return renderedAt(place, source, owner, workshop);
}

/** Whether it reads this repository, at the branch that Argo CD follows. */
export function isOwn({ chart, repoURL, targetRevision }: SourceSpec, { repository, revision }: Tree): boolean {
  if (chart) return false;
  const slug = /github\.com[:/]+(.+?)(\.git)?\/*$/i.exec(repoURL ?? '')?.[1]?.toLowerCase();
  const branch = (targetRevision || 'HEAD').replace(/^refs\/heads\//, '');
  const isHere = !repoURL || repository === undefined || slug === repository;
  return isHere && (branch === 'HEAD' || revision === undefined || branch === revision);
}

function whereFrom({ repoURL, targetRevision }: SourceSpec): string {
  return `${repoURL ?? 'nothing'} at ${targetRevision || 'HEAD'}`;
}

async function chartObjects(source: SourceSpec, owner: Owner, workshop: Workshop): Promise<FoundObject[]> {
  const folder = await pulledChart(source, workshop);
  try {
    const tree = { ...workshop.tree, folder, submodules: [] };
    const name = `${source.chart} ${source.targetRevision ?? ''}`.trim();
    const found = await renderedAt({ tree, path: basename(source.chart!) }, source, owner, workshop);
    return found.map((one) => ({ ...one, file: `chart ${name}` }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `k8s//03-apps/` is `k8s/03-apps`. */
function checkedPath(path: string, { folder, submodules }: Tree): string {
  const clean = normalize(path).replace(/\/$/, '');
  if (isAbsolute(path) || /^\.\.(\/|$)/.test(clean)) throw new Error(`its path ${path} leads out of the repository`);
  if (!statSync(join(folder, clean), { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`its path ${path} is no folder`);
  const isIn = (one: string, other: string) => other === '.' || one === other || one.startsWith(`${other}/`);
  const submodule = submodules.find((one) => isIn(one, clean) || isIn(clean, one));
  if (submodule !== undefined) throw new Error(`${submodule} is a repository of its own, which is not looked into`);
  return clean;
}

async function renderedAt(place: Place, asked: SourceSpec, owner: Owner, workshop: Workshop): Promise<FoundObject[]> {
  const folder = join(place.tree.folder, place.path);
  const source = withOverrides(asked, folder, owner.name);
  const named = (['directory', 'kustomize', 'helm', 'plugin'] as const).filter(
    (tool) => (source[tool] ?? undefined) !== undefined,
  );
  if (named.length > 1) throw new Error(`Argo CD refuses more than one of ${named.join(', ')}`);
  switch (named[0] ?? toolOf(folder)) {
    case 'plugin':
      throw new Error('plugins are not run here: write the manifests that they make into the folder');
    case 'kustomize':
      return kustomizeObjects(place, source, owner, workshop);
    case 'helm':
      return helmObjects(place, source, owner, workshop);
    case 'directory':
      return directoryObjects(place, source.directory ?? {});
  }
}

/** By the files of the folder itself; Kustomize wins. */
function toolOf(folder: string): 'directory' | 'kustomize' | 'helm' {
  const names = readdirSync(folder);
  if (names.some((name) => kustomizations.includes(name))) return 'kustomize';
  return names.some((name) => name.endsWith('Chart.yaml')) ? 'helm' : 'directory';
}

/** Files in the folder are laid over the source, but for what says which folder it is. */
function withOverrides(source: SourceSpec, folder: string, application: string): SourceSpec {
  const files = ['.argocd-source.yaml', `.argocd-source-${application}.yaml`].map((name) => join(folder, name));
  const { repoURL, targetRevision, path, chart } = source;
  return files
    .filter((file) => existsSync(file) && statSync(file).isFile())
    .reduce((merged, file) => {
      const over: unknown = parse(readFileSync(file, 'utf8'), { version: '1.1' });
      const checked = checkedSource(mergedJson(merged, over), application);
      return { ...checked, repoURL, targetRevision, path, chart };
    }, source);
}

/** A JSON merge patch (RFC 7386). */
function mergedJson(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const merged = new Map(Object.entries(isMap(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergedJson(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A chart: of a folder, or of somebody's repository. */
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { parse } from 'yaml';
import { manifestDocuments } from '../../manifests/documents';
import type { HelmOptions, Owner, SourceSpec } from '../application';
import type { Tree } from '../checkout';
import { runConfined } from '../confined';
import { isOwn, type FoundObject, type Place, type Workshop } from './source';
import { variablesOf } from './variables';

const OCI = 'oci://';
/** By it Argo CD, too, knows when to fetch. */
const MISSING_DEPENDENCY = /found in (Chart|requirements)\.yaml, but missing in charts/;

/**
 * Fetches a chart, over HTTPS and without credentials.
 *
 * @returns a folder of its own, with the chart's folder in it
 */
export async function pulledChart(
  { repoURL, chart, targetRevision }: SourceSpec,
  { scratch, tool }: Workshop,
): Promise<string> {
  const address = repoURL ?? '';
  const isRegistry = address.startsWith(OCI) || !address.includes('://');
  if (!isRegistry && !address.startsWith('https://')) throw new Error(`the chart repository ${address} is not HTTPS`);
  if (!/^\w[\w./-]*$/.test(chart!) || chart!.includes('..')) throw new Error(`${chart} is no name of a chart`);
  const folder = mkdtempSync(join(scratch, 'chart-'));
  const what = isRegistry ? [`${OCI}${address.replace(OCI, '')}/${chart}`] : [chart!, '--repo', address];
  const version = targetRevision ? ['--version', targetRevision] : [];
  const args = ['pull', ...what, ...version, '--untar', '--untardir', folder];
  try {
    await runConfined(await tool('helm'), args, { scratch, online: true });
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`chart ${chart} of ${address} cannot be fetched: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws Error in Helm's words */
export async function helmObjects(
  place: Place,
  source: SourceSpec,
  owner: Owner,
  workshop: Workshop,
): Promise<FoundObject[]> {
  const { scratch, tool } = workshop;
  const helm = await tool('helm');
  const cwd = join(place.tree.folder, place.path);
  const values = mkdtempSync(join(scratch, 'values-'));
  try {
    const args = templateArguments(place, source, owner, { workshop, folder: values });
    const template = () => runConfined(helm, args, { scratch, cwd });
    const made = await template().catch(async (error: Error) => {
      if (!MISSING_DEPENDENCY.test(error.message)) throw error;
      await buildDependencies(helm, place, scratch);
      return template();
    });
    return manifestDocuments(`${place.path} (Helm)`, made).map((document) => ({ document, file: place.path }));
  } finally {
    rmSync(values, { recursive: true, force: true });
  }
}

interface Values {
  readonly workshop: Workshop;
  /** Gets the values that stand in the Application. */
  readonly folder: string;
}

/** Those that Argo CD gives, in its order: a later one wins. */
function templateArguments(place: Place, source: SourceSpec, owner: Owner, { workshop, folder }: Values): string[] {
  const options: Partial<HelmOptions> = source.helm ?? {};
  const substitute = variablesOf(owner, source);
  const namespace = options.namespace || owner.namespace;
  const kubeVersion = options.kubeVersion || workshop.tree.kubeVersion;
  const inFolder = (file: string) => valueFile(file, substitute, { place, owner, repository: workshop.tree });
  const files = (options.valueFiles ?? [])
    .map(inFolder)
    .filter((file) => !options.ignoreMissingValueFiles || existsSync(file));
  const own = options.valuesObject ? JSON.stringify(options.valuesObject) : options.values;
  if (own) writeFileSync(join(folder, 'values.yaml'), own);
  return [
    ...['template', '.', '--name-template', options.releaseName || owner.name],
    ...(namespace ? ['--namespace', namespace] : []),
    ...(kubeVersion ? ['--kube-version', kubeVersion] : []),
    ...(options.parameters ?? []).flatMap(({ name, value, forceString }) => {
      return [forceString ? '--set-string' : '--set', `${name}=${escaped(substitute(value ?? ''))}`];
    }),
    ...(options.fileParameters ?? []).flatMap(({ name, path }) => ['--set-file', `${name}=${escaped(inFolder(path))}`]),
    ...files.flatMap((file) => ['--values', file]),
    ...(own ? ['--values', join(folder, 'values.yaml')] : []),
    ...(options.apiVersions ?? []).flatMap((version) => ['--api-versions', version]),
    ...(options.skipCrds ? [] : ['--include-crds']),
    ...(options.skipSchemaValidation ? ['--skip-schema-validation'] : []),
    ...(options.skipTests ? ['--skip-tests'] : []),
  ];
}

/** Commas would begin another parameter, but in a list in braces. */
function escaped(value: string): string {
  return value.startsWith('{') && value.endsWith('}') ? value : value.replaceAll(/(?<!\\),/g, '\\,');
}

interface Reach {
  readonly place: Place;
  readonly owner: Owner;
  readonly repository: Tree;
}

/** In the chart's folder; with a slash first, in its repository; with `$name` first, in that of the source with this `ref`. */
function valueFile(file: string, substitute: (text: string) => string, { place, owner, repository }: Reach): string {
  const [first = '', ...rest] = file.split('/');
  const reference = owner.sources.find(({ ref }) => ref && first === `$${ref}`);
  if (reference !== undefined && !isOwn(reference, repository))
    throw new Error(`the value file ${file} is in ${reference.repoURL}, which is not looked into`);
  const path = substitute(reference === undefined ? file : `/${rest.join('/')}`);
  if (/^\w[\w+.-]*:/.test(path)) throw new Error(`the value file ${file} is not in the repository, so it is not read`);
  const root = realpathSync(reference === undefined ? place.tree.folder : repository.folder);
  const named = path.startsWith('/') ? join(root, path) : join(root, place.path, path);
  const real = existsSync(named) ? realpathSync(named) : named;
  if (!real.startsWith(`${root}/`)) throw new Error(`the value file ${file} leads out of its repository`);
  return real;
}

interface Dependency {
  readonly repository?: unknown;
}

/** Fetches what a chart needs and does not have in `charts/`, over HTTPS and without credentials. */
async function buildDependencies(helm: string, { tree, path }: Place, scratch: string): Promise<void> {
  const cwd = join(tree.folder, path);
  const addresses = dependenciesOf(cwd).map(({ repository }) => `${(repository ?? '') as string}`);
  for (const address of addresses) checkAddress(address, path);
  for (const [index, address] of addresses.filter((one) => one.startsWith('https://')).entries()) {
    const args = ['repo', 'add', `dependency-${index}`, address, '--force-update'];
    await runConfined(helm, args, { scratch, online: true });
  }
  await runConfined(helm, ['dependency', 'build'], { scratch, cwd, online: true });
}

function checkAddress(address: string, path: string): void {
  const folder = /^file:\/\/(.*)$/s.exec(address)?.[1];
  if (folder !== undefined && (isAbsolute(folder) || normalize(join(path, folder)).startsWith('..')))
    throw new Error(`a dependency of ${path} leads out of the repository: ${address}`);
  if (folder === undefined && address !== '' && !address.startsWith(OCI) && !address.startsWith('https://'))
    throw new Error(`a dependency of ${path} comes from ${address}, which is not HTTPS`);
}

/** Helm fetches what the lock says, and only compares it with the chart. */
function dependenciesOf(folder: string): Dependency[] {
  return ['Chart.yaml', 'Chart.lock', 'requirements.yaml', 'requirements.lock'].flatMap((name) => {
    const file = join(folder, name);
    const body = existsSync(file) ? (parse(readFileSync(file, 'utf8')) as { dependencies?: unknown } | null) : null;
    return Array.isArray(body?.dependencies) ? (body.dependencies as Dependency[]) : [];
  });
}

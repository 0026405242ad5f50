/** A folder of Kustomize: built by kubectl, after the Application's options were written into its file as `kustomize edit` does. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { isScalar, parse, parseAllDocuments, visit } from 'yaml';
import { manifestDocuments } from '../../manifests/documents';
import type { KustomizeOptions, Owner, SourceSpec } from '../application';
import { runConfined } from '../confined';
import type { FoundObject, Place, Workshop } from './source';
import { variablesOf } from './variables';

export const kustomizations: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** @throws Error in Kustomize's words; bases from elsewhere, plugins and charts are not fetched or run */
export async function kustomizeObjects(
  { tree, path }: Place,
  source: SourceSpec,
  owner: Owner,
  { scratch, tool }: Workshop,
): Promise<FoundObject[]> {
  const file = kustomizations.map((name) => join(tree.folder, path, name)).find((name) => existsSync(name));
  if (file === undefined) throw new Error(`${path} has no kustomization.yaml`);
  const kubectl = await tool('kubectl');
  const original = readFileSync(file, 'utf8');
  try {
    if (source.kustomize)
      writeFileSync(file, withOptions(original, file, source.kustomize, variablesOf(owner, source)));
    checkPaths(tree.folder);
    const built = await runConfined(kubectl, ['kustomize', path], { scratch, cwd: tree.folder });
    return manifestDocuments(`${path} (Kustomize)`, built).map((document) => ({ document, file: path }));
  } finally {
    writeFileSync(file, original);
  }
}

/** Kustomize reads files only below a kustomization, but follows folders anywhere, and this machine's own addresses. */
function checkPaths(root: string): void {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!kustomizations.includes(entry.name) || !entry.isFile()) continue;
    const file = relative(root, join(entry.parentPath, entry.name));
    for (const text of textsIn(readFileSync(join(root, file), 'utf8'))) {
      if (normalize(join(dirname(file), text)).startsWith('../'))
        throw new Error(`${file} leads out of the repository: ${text}`);
      if (/:\/\/([^/\s]*@)?(localhost|127\.|\[)/i.test(text)) throw new Error(`${file} leads to this machine: ${text}`);
    }
  }
}

/** Also of what a second key of the same name hides. */
function textsIn(yaml: string): string[] {
  const texts: string[] = [];
  for (const document of parseAllDocuments(yaml, { uniqueKeys: false })) {
    visit(document, (_, node) => {
      if (isScalar(node) && typeof node.value === 'string') texts.push(node.value);
    });
  }
  return texts;
}

interface Kustomization {
  [field: string]: unknown;
  images?: readonly Named[];
  replicas?: readonly Named[];
  labels?: readonly Labels[];
  commonLabels?: Readonly<Record<string, string>>;
  commonAnnotations?: Readonly<Record<string, string>>;
  patches?: readonly unknown[];
  components?: readonly string[];
}

interface Named {
  readonly name: string;
  readonly [field: string]: unknown;
}

interface Labels {
  readonly pairs: Readonly<Record<string, string>>;
  readonly includeSelectors?: boolean;
  readonly includeTemplates?: boolean;
}

function withOptions(
  text: string,
  file: string,
  options: KustomizeOptions,
  substitute: (text: string) => string,
): string {
  if (options.version) throw new Error(`kustomize.version ${options.version} is no program of this project`);
  const edited = (parse(text, { version: '1.1' }) ?? {}) as Kustomization;
  for (const name of ['namePrefix', 'nameSuffix', 'namespace'] as const) {
    if (options[name]) edited[name] = options[name];
  }
  edited.images = withNamed(
    edited.images,
    (options.images ?? []).map((image) => imageOf(substitute(image), edited)),
  );
  edited.replicas = withNamed(
    edited.replicas,
    (options.replicas ?? []).map(({ name, count }) => ({ name, count: Number(count) })),
  );
  const labels = Object.entries(options.commonLabels ?? {}).map(([name, value]) => [name, substitute(value)]);
  addLabels(edited, Object.fromEntries(labels) as Record<string, string>, options);
  addAnnotations(edited, options, substitute);
  edited.patches = [...(edited.patches ?? []), ...(options.patches ?? [])];
  const found = (options.components ?? []).filter(
    (name) => !options.ignoreMissingComponents || existsSync(join(dirname(file), name)),
  );
  edited.components = [...new Set([...(edited.components ?? []), ...found])];
  // JSON, in which every reader of YAML finds the same types.
  return JSON.stringify(edited);
}

/** Those of the Application take the place of those of the same name. */
function withNamed(own: readonly Named[] = [], others: readonly Named[]): Named[] {
  return [...new Map([...own, ...others].map((one) => [one.name, one])).values()];
}

/** `name=newName:tag@digest`, each part but the first may be missing; a star keeps what the file says. */
function imageOf(text: string, { images = [] }: Kustomization): Named {
  const separator = text.indexOf('=');
  const [key, value] = separator === -1 ? ['', text] : [text.slice(0, separator), text.slice(separator + 1)];
  const [, image = '', tag = '', digest = ''] = /^(.*?)(?::([^:/@]+))?(?:@(.+))?$/s.exec(value) ?? [];
  const own = images.find(({ name }) => name === (key || image)) ?? { name: '' };
  const kept = (field: string, said: string) => (said === '*' ? own[field] : said || undefined);
  return {
    name: key || image,
    newName: key === '' ? undefined : kept('newName', image),
    newTag: kept('newTag', tag),
    digest: kept('digest', digest),
  };
}

function addLabels(edited: Kustomization, labels: Record<string, string>, options: KustomizeOptions): void {
  if (Object.keys(labels).length === 0) return;
  const { forceCommonLabels: force, labelWithoutSelector, labelIncludeTemplates } = options;
  if (!labelWithoutSelector) {
    edited.commonLabels = added('label', edited.commonLabels, labels, force === true);
    return;
  }
  const includeTemplates = labelIncludeTemplates === true;
  const isAlike = (one: Labels) => !one.includeSelectors && (one.includeTemplates ?? false) === includeTemplates;
  const own = edited.labels ?? [];
  const pairs = added('label', own.find(isAlike)?.pairs, labels, force === true);
  edited.labels = [...own.filter((one) => !isAlike(one)), { pairs, includeTemplates }];
}

function addAnnotations(edited: Kustomization, options: KustomizeOptions, substitute: (text: string) => string): void {
  const { commonAnnotations, commonAnnotationsEnvsubst, forceCommonAnnotations } = options;
  const entries = Object.entries(commonAnnotations ?? {});
  if (entries.length === 0) return;
  const values = entries.map(([name, value]) => [name, commonAnnotationsEnvsubst ? substitute(value) : value]);
  const asked = Object.fromEntries(values) as Record<string, string>;
  edited.commonAnnotations = added('annotation', edited.commonAnnotations, asked, forceCommonAnnotations === true);
}

function added(kind: string, own: Readonly<Record<string, string>> = {}, more: Record<string, string>, force: boolean) {
  const twice = Object.keys(more).find((name) => Object.hasOwn(own, name));
  if (twice !== undefined && !force)
    throw new Error(`the ${kind} ${twice} is in the kustomization already, which Argo CD refuses`);
  return { ...own, ...more };
}

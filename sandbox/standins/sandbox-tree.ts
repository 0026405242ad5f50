/** The files that the sandbox's Argo CD reads: those of a checkout, with stand-ins for the add-ons that cannot run. */
import type { Document } from 'yaml';
import { applicationIn, documentsOf, textOf, type Application, type Source } from './applications';
import { mirror, readCheckout, type CheckoutFile, type CheckoutFiles } from './checkout-files';
import { STAND_INS, type StandIn } from './stand-ins';
import { standInFiles } from './stand-in-files';

export interface SandboxTreeOptions {
  /** Where the sandbox's Argo CD finds the repository that the tree is committed to. */
  readonly repoUrl: string;
  /** Branch that it follows. */
  readonly revision: string;
  /** Addresses that the checkout's manifests have for this repository. */
  readonly replaces: readonly string[];
}

export interface SandboxTree {
  readonly standIns: readonly UsedStandIn[];
  /** Applications that Argo CD will report as failing here. */
  readonly notEmulated: readonly NotEmulated[];
}

export interface UsedStandIn extends StandIn {
  /** What it replaces, in words, with the version. */
  readonly source: string;
}

export interface NotEmulated {
  readonly application: string;
  readonly file: string;
  /** What it points to, in words. */
  readonly source: string;
}

interface Found extends Application {
  readonly file: string;
  readonly document: Document.Parsed;
}

/** Folder of the tree that holds the stand-ins. */
const FOLDER = 'sandbox-standins';
const MANIFEST = /^k8s\/.+\.ya?ml$/;

/**
 * Writes the tree, and only what changed since it was written before. What is no valid YAML stays as it is.
 *
 * @param checkout with what is not committed yet; it is only read
 * @param target a folder of the sandbox's; its `.git` is left alone
 * @throws when the checkout is none
 */
export async function writeSandboxTree(
  checkout: string,
  target: string,
  options: SandboxTreeOptions,
): Promise<SandboxTree> {
  const original = await readCheckout(checkout);
  const files = new Map(original);
  const standIns: UsedStandIn[] = [];
  const notEmulated: NotEmulated[] = [];
  for (const manifest of manifestsIn(original)) {
    for (const application of manifest.applications) {
      const standIn = STAND_INS.find((candidate) => isFor(candidate, application));
      if (standIn === undefined) {
        notEmulated.push(...unknownSources(application, options, original));
        for (const source of application.sources) follow(source, options);
        continue;
      }
      const [source] = application.sources as [Source];
      standIns.push({ ...standIn, source: inWords(source) });
      const added = await standInFiles(standIn, valuesOf(source));
      for (const [name, text] of added) files.set(`${FOLDER}/${standIn.name}/${name}`, plain(text));
      standFor(application, standIn, options);
    }
    files.set(manifest.file, plain(textOf(manifest.documents)));
  }
  await mirror(files, target);
  return { standIns, notEmulated };
}

interface Manifest {
  readonly file: string;
  readonly documents: readonly Document.Parsed[];
  readonly applications: readonly Found[];
}

/** Those that hold Applications. */
function* manifestsIn(files: CheckoutFiles): Iterable<Manifest> {
  for (const [file, { content, kind }] of files) {
    if (kind === 'link' || !MANIFEST.test(file)) continue;
    const documents = documentsOf(content.toString()) ?? [];
    const applications = documents.flatMap((document) => {
      const application = applicationIn(document);
      return application === undefined ? [] : [{ ...application, file, document }];
    });
    if (applications.length > 0) yield { file, documents, applications };
  }
}

function isFor({ name }: StandIn, { name: application, sources }: Found): boolean {
  return application === name && sources.length === 1 && sources[0]!.chart === name;
}

/** Sources that are neither plain manifests of this repository nor replaced. */
function unknownSources(
  { name, file, sources }: Found,
  options: SandboxTreeOptions,
  files: CheckoutFiles,
): NotEmulated[] {
  const known = (source: Source) =>
    options.replaces.includes(source.repoURL) && !files.has(`${source.path}/kustomization.yaml`);
  return sources
    .filter((source) => !known(source))
    .map((source) => ({ application: name, file, source: inWords(source) }));
}

/** Lets a source of this repository come from the sandbox's copy. */
function follow({ repoURL, node }: Source, { repoUrl, revision, replaces }: SandboxTreeOptions): void {
  if (!replaces.includes(repoURL)) return;
  node.set('repoURL', repoUrl);
  node.set('targetRevision', revision);
}

function standFor({ document, sources }: Found, { name }: StandIn, { repoUrl, revision }: SandboxTreeOptions): void {
  const source = document.createNode({
    ...{ repoURL: repoUrl, targetRevision: revision, path: `${FOLDER}/${name}` },
    directory: { recurse: true },
  });
  source.commentBefore = ` The sandbox's stand-in for ${inWords(sources[0]!)}.`;
  document.setIn(['spec', 'source'], source);
}

function valuesOf({ node }: Source): Pick<Document, 'getIn'> {
  return { getIn: (path) => node.getIn(['helm', 'valuesObject', ...(path as unknown[])]) };
}

function inWords({ repoURL, targetRevision, chart, path }: Source): string {
  if (chart !== undefined) return `chart ${chart} ${targetRevision ?? ''} of ${repoURL}`;
  return path?.startsWith('k8s/') ? path : `${path ?? '.'} of ${repoURL}`;
}

function plain(text: string): CheckoutFile {
  return { kind: 'file', content: Buffer.from(text) };
}

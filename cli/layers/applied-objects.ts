/** Which objects Argo CD takes from a tree of k8s/, and which of its Applications answers for each. */
import { groupOf, manifestDocuments, type ManifestBody, type ManifestDocument } from '../manifests/documents';
import type { ObjectName } from '../status/platform-status';
import type { Files } from './repository';
import { isOwn, sourceFiles, type SourceSpec } from './sources';

export interface Owner {
  readonly name: string;
  readonly sources: readonly SourceSpec[];
  readonly namespace: string;
  readonly prunes: boolean;
  readonly allowsEmpty: boolean;
  /** Removing the Application removes its objects too. */
  readonly cascades: boolean;
  readonly syncOptions: readonly string[];
}

export interface AppliedObject {
  readonly object: ObjectName;
  /** The same at another version of its API, or at another place in the tree. */
  readonly key: string;
  readonly owner: string;
  readonly file: string;
  readonly syncOptions: readonly string[];
  /** Of an Application. */
  readonly cascades?: boolean;
}

export interface AppliedState {
  readonly owners: ReadonlyMap<string, Owner>;
  readonly objects: readonly AppliedObject[];
}

/** The application that the cluster stack makes (stacks/cluster/argocd-values.ts). */
const ROOT: Owner = {
  name: 'root',
  sources: [{ path: 'k8s/layers' }],
  namespace: 'argocd',
  prunes: true,
  allowsEmpty: false,
  cascades: false,
  syncOptions: [],
};
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const HOOK = 'argocd.argoproj.io/hook';
const HELM_HOOK = 'helm.sh/hook';
const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** Throws an Error that names the file which cannot be read. */
export function appliedState(files: Files): AppliedState {
  const owners = new Map<string, Owner>([[ROOT.name, ROOT]]);
  const objects: AppliedObject[] = [];
  // Applications found on the way are added to the map, and the loop reaches them, too.
  for (const owner of owners.values()) {
    for (const { applied, child } of objectsOf(owner, files)) {
      objects.push(applied);
      if (child !== undefined && !owners.has(child.name)) owners.set(child.name, child);
    }
  }
  return { owners, objects };
}

interface Found {
  readonly applied: AppliedObject;
  readonly child?: Owner;
}

function objectsOf(owner: Owner, files: Files): Found[] {
  return owner.sources
    .filter(isOwn)
    .flatMap((source) => sourceFiles(source, owner.name, files))
    .flatMap((file) =>
      manifestDocuments(file, files.get(file)!)
        .filter((document) => !isHook(document))
        .map((document) => foundIn(document, file, owner)),
    );
}

/** Argo CD runs it and does not keep it: an object that becomes one is pruned. */
function isHook({ annotations }: ManifestDocument): boolean {
  const { [HOOK]: hook, [HELM_HOOK]: helmHook } = annotations;
  return hook === undefined ? helmHook !== undefined && helmHook !== 'crd-install' : hook.trim() !== 'Skip';
}

function foundIn(document: ManifestDocument, file: string, owner: Owner): Found {
  const { apiVersion, kind, name, namespace, annotations, body } = document;
  const isApplication = kind === 'Application' && groupOf(apiVersion) === 'argoproj.io';
  const child = isApplication ? ownerFrom(name, body) : undefined;
  return {
    applied: {
      object: { kind, ...(namespace !== undefined && { namespace }), name },
      key: [groupOf(apiVersion), kind, namespace ?? owner.namespace, name].join('/'),
      owner: owner.name,
      file,
      syncOptions: optionsIn(annotations[SYNC_OPTIONS] ?? ''),
      ...(child !== undefined && { cascades: child.cascades }),
    },
    ...(child !== undefined && { child }),
  };
}

interface ApplicationSpec {
  readonly source?: SourceSpec | null;
  /** With any, `source` does not count. */
  readonly sources?: readonly SourceSpec[] | null;
  readonly sourceHydrator?: unknown;
  readonly destination?: { readonly namespace?: string | null } | null;
  readonly syncPolicy?: {
    readonly automated?: { readonly prune?: boolean | null; readonly allowEmpty?: boolean | null } | null;
    readonly syncOptions?: readonly string[] | null;
  } | null;
}

function ownerFrom(name: string, { metadata, spec }: ManifestBody): Owner {
  const { source, sources, sourceHydrator, destination, syncPolicy } = (spec ?? {}) as ApplicationSpec;
  if (sourceHydrator) throw new Error(`sourceHydrator of Application ${name} cannot be followed here: use source.`);
  const { prune, allowEmpty } = syncPolicy?.automated ?? {};
  return {
    name,
    sources: checkedSources(name, sources?.length ? sources : [source ?? {}]),
    namespace: destination?.namespace ?? '',
    prunes: prune === true,
    allowsEmpty: allowEmpty === true,
    cascades: textsIn(metadata?.finalizers).some((finalizer) => finalizer.startsWith(FINALIZER)),
    syncOptions: textsIn(syncPolicy?.syncOptions),
  };
}

function checkedSources(name: string, sources: readonly SourceSpec[]): readonly SourceSpec[] {
  if (sources instanceof Array && sources.every(isSource)) return sources;
  throw new Error(`The source of Application ${name} is none: path, chart, include and exclude must be text.`);
}

function isSource(source: unknown): boolean {
  if (typeof source !== 'object' || source === null) return false;
  const { path, chart, directory } = source as SourceSpec;
  const texts = [path, chart, directory?.include, directory?.exclude];
  return texts.every((text: unknown) => typeof (text ?? '') === 'string');
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? (list as unknown[]).map(String) : [];
}

function optionsIn(annotation: string): string[] {
  return annotation.split(',').map((option) => option.trim());
}

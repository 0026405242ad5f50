/** Which objects Argo CD takes from a tree of k8s/, and which of its Applications answers for each. */
import { dirname, join } from 'node:path/posix';
import { groupOf, isManifestFile, manifestDocuments, type ManifestBody } from '../manifests/documents';
import type { ObjectName } from '../status/platform-status';
import type { Files } from './repository';

export interface Owner {
  readonly name: string;
  /** Folder of this repository; undefined for a chart from elsewhere. */
  readonly path: string | undefined;
  readonly recurse: boolean;
  /** Read as a plain directory, whatever is in it. */
  readonly plain: boolean;
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
  path: 'k8s/layers',
  recurse: false,
  plain: true,
  namespace: 'argocd',
  prunes: true,
  allowsEmpty: false,
  cascades: false,
  syncOptions: [],
};
const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
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
  const { path } = owner;
  if (path === undefined) return [];
  const kustomization = KUSTOMIZATIONS.map((name) => join(path, name)).find((file) => files.has(file));
  if (!owner.plain && kustomization !== undefined)
    throw new Error(
      `${kustomization} cannot be followed here: write the manifests that Kustomize makes into the folder.`,
    );
  return [...files.keys()]
    .filter((file) => isManifestFile(file) && isIn(file, path, owner.recurse))
    .flatMap((file) => objectsIn(file, files, owner));
}

function isIn(file: string, folder: string, recurse: boolean): boolean {
  return recurse ? file.startsWith(`${folder}/`) : dirname(file) === folder;
}

function objectsIn(file: string, files: Files, owner: Owner): Found[] {
  return documentsIn(file, files).map(({ apiVersion, kind, name, namespace, annotations, body }) => {
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
  });
}

function documentsIn(file: string, files: Files): ReturnType<typeof manifestDocuments> {
  try {
    return manifestDocuments(files.get(file) ?? '');
  } catch (error) {
    throw new Error(`${file} cannot be read, and Argo CD would refuse its whole layer: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

interface ApplicationSpec {
  readonly source?: { readonly path?: string; readonly directory?: { readonly recurse?: boolean } };
  readonly destination?: { readonly namespace?: string };
  readonly syncPolicy?: {
    readonly automated?: { readonly prune?: boolean; readonly allowEmpty?: boolean };
    readonly syncOptions?: readonly string[];
  };
}

function ownerFrom(name: string, { metadata, spec = {} }: ManifestBody): Owner {
  const { source, destination, syncPolicy } = spec as ApplicationSpec;
  return {
    name,
    path: source?.path?.replace(/\/$/, ''),
    recurse: source?.directory?.recurse === true,
    plain: source?.directory !== undefined,
    namespace: destination?.namespace ?? '',
    prunes: syncPolicy?.automated?.prune === true,
    allowsEmpty: syncPolicy?.automated?.allowEmpty === true,
    cascades: (metadata?.finalizers ?? []).some((finalizer) => finalizer.startsWith(FINALIZER)),
    syncOptions: syncPolicy?.syncOptions ?? [],
  };
}

function optionsIn(annotation: string): string[] {
  return annotation.split(',').map((option) => option.trim());
}

/** What an Application of Argo CD says, as far as it decides what is in the cluster. */
import { z } from 'zod';
import type { ManifestDocument } from '../manifests/documents';

const text = z.string().nullish();
const flag = z.boolean().nullish();
const texts = z.array(z.string()).nullish();
const textMap = z.record(z.string(), z.string()).nullish();

const DIRECTORY = z.object({ recurse: flag, include: text, exclude: text, jsonnet: z.unknown().optional() });
const KUSTOMIZE = z.object({
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  images: texts,
  replicas: z.array(z.object({ name: z.string(), count: z.union([z.string(), z.number()]) })).nullish(),
  commonLabels: textMap,
  forceCommonLabels: flag,
  labelWithoutSelector: flag,
  labelIncludeTemplates: flag,
  commonAnnotations: textMap,
  forceCommonAnnotations: flag,
  commonAnnotationsEnvsubst: flag,
  patches: z.array(z.record(z.string(), z.unknown())).nullish(),
  components: texts,
  ignoreMissingComponents: flag,
  version: text,
});
const HELM = z.object({
  releaseName: text,
  namespace: text,
  kubeVersion: text,
  apiVersions: texts,
  valueFiles: texts,
  ignoreMissingValueFiles: flag,
  values: text,
  valuesObject: z.record(z.string(), z.unknown()).nullish(),
  parameters: z.array(z.object({ name: z.string(), value: text, forceString: flag })).nullish(),
  fileParameters: z.array(z.object({ name: z.string(), path: z.string() })).nullish(),
  skipCrds: flag,
  skipTests: flag,
  skipSchemaValidation: flag,
});
const SOURCE = z.object({
  // Longer ones are no addresses, and would keep a pattern busy.
  repoURL: z.string().max(2000).nullish(),
  targetRevision: text,
  path: text,
  chart: text,
  ref: text,
  directory: DIRECTORY.nullish(),
  kustomize: KUSTOMIZE.nullish(),
  helm: HELM.nullish(),
  plugin: z.unknown().optional(),
});
const SPEC = z.object({
  project: text,
  source: SOURCE.nullish(),
  sources: z.array(SOURCE).nullish(),
  sourceHydrator: z.unknown().optional(),
  destination: z.object({ namespace: text }).nullish(),
  syncPolicy: z
    .object({ automated: z.object({ prune: flag, allowEmpty: flag }).nullish(), syncOptions: texts })
    .nullish(),
});

export type SourceSpec = z.infer<typeof SOURCE>;
export type DirectoryOptions = z.infer<typeof DIRECTORY>;
export type KustomizeOptions = z.infer<typeof KUSTOMIZE>;
export type HelmOptions = z.infer<typeof HELM>;

/** An Application, as the one that answers for objects. */
export interface Owner {
  readonly name: string;
  /** The Application that brings it; none has the root. */
  readonly parent?: string;
  readonly project: string;
  readonly sources: readonly SourceSpec[];
  /** Of its objects that name none. */
  readonly namespace: string;
  readonly prunes: boolean;
  readonly allowsEmpty: boolean;
  /** Removing the Application removes its objects too. */
  readonly cascades: boolean;
  readonly syncOptions: readonly string[];
}

/** The application that the cluster stack makes (stacks/cluster/argocd-values.ts). */
export const ROOT: Owner = {
  name: 'root',
  project: 'forge',
  sources: [{ path: 'k8s/layers' }],
  namespace: 'argocd',
  prunes: true,
  allowsEmpty: false,
  cascades: false,
  syncOptions: [],
};
const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** @throws Error when its spec is none, or cannot be followed */
export function ownerFrom({ name, body }: ManifestDocument, parent: string): Owner {
  const { project, source, sources, sourceHydrator, destination, syncPolicy } = checked(SPEC, body['spec'] ?? {}, name);
  if (sourceHydrator) throw new Error(`sourceHydrator of Application ${name} cannot be followed here: use source.`);
  const { prune, allowEmpty } = syncPolicy?.automated ?? {};
  const finalizers: unknown = body.metadata?.finalizers;
  return {
    name,
    parent,
    project: project || 'default',
    // With any sources, `source` does not count.
    sources: (sources?.length ? sources : [source ?? {}]).map(withoutEmpty),
    namespace: destination?.namespace ?? '',
    prunes: prune === true,
    allowsEmpty: allowEmpty === true,
    cascades: Array.isArray(finalizers) && finalizers.some((one) => `${one}`.startsWith(FINALIZER)),
    syncOptions: syncPolicy?.syncOptions ?? [],
  };
}

/** @throws Error that names the Application and the field */
export function checkedSource(source: unknown, application: string): SourceSpec {
  return checked(SOURCE, source, application);
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, application: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new Error(`Argo CD refuses Application ${application}: ${path.join('.') || 'its spec'}: ${message}.`);
}

/** To Argo CD, options that say nothing are none: it looks at the folder to choose a tool. */
function withoutEmpty({ directory, kustomize, helm, ...rest }: SourceSpec): SourceSpec {
  return {
    ...rest,
    ...(saysSomething(directory) && { directory }),
    ...(saysSomething(kustomize) && { kustomize }),
    ...(saysSomething(helm) && { helm }),
  };
}

function saysSomething(options: unknown): boolean {
  if (typeof options !== 'object' || options === null) return Boolean(options);
  return Object.values(options).some(saysSomething);
}

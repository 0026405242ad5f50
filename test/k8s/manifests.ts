/** The layers as Argo CD reads them: every document of every YAML file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const K8S = join(__dirname, '../../k8s');
export const LAYERS = ['00-infra', '01-init', '02-database', '03-apps'] as const;

/** Files of the layers to which owners add their own, which need not be like ours. */
const DELIVERED: Readonly<Record<string, readonly string[]>> = {
  '00-infra': [
    'cert-manager.yaml',
    'digitalocean-csi.yaml',
    'kured.yaml',
    'system-upgrade-controller.yaml',
    'traefik.yaml',
  ],
  '03-apps': [
    'backup.yaml',
    'gitea-introduction.yaml',
    'gitea.yaml',
    'jenkins-configuration.yaml',
    'jenkins-plugins.yaml',
    'jenkins.yaml',
    'nginx-front.yaml',
    'nginx-front-page.yaml',
  ],
};

export type Json = Record<string, any>;

export interface Manifest {
  /** Path under k8s/. */
  readonly file: string;
  /** Folder under k8s/. */
  readonly layer: string;
  readonly body: Json;
  /** For messages: kind, namespace and name. */
  readonly id: string;
}

export interface Workload extends Manifest {
  readonly pod: Json;
  /** Labels of its pods. */
  readonly labels: Record<string, string>;
  /** Pods at most in the guide's operations: `replicas: 1` becomes 3. */
  readonly scalable: boolean;
}

export function filesIn(folder: string): string[] {
  return readdirSync(join(K8S, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.includes('.'))
    .map((file) => `${folder}/${file}`)
    .sort();
}

export function read(file: string): Manifest[] {
  const documents = parseAllDocuments(readFileSync(join(K8S, file), 'utf8'));
  return [...documents].map((document) => {
    if (document.errors[0]) throw document.errors[0];
    const body = document.toJS() as Json;
    const id = [body['kind'], body['metadata']?.namespace, body['metadata']?.name].filter(Boolean).join(' ');
    return { file, layer: file.split('/')[0]!, body, id };
  });
}

/** Everything in the four layers, an owner's own applications included. */
export const layerManifests: readonly Manifest[] = LAYERS.flatMap(filesIn).flatMap(read);
/** What this project delivers in them. */
const delivered = layerManifests.filter(({ file }) => isDelivered(file));
/** What the Applications of the layers point to in this repository. */
export const componentManifests: readonly Manifest[] = filesIn('components').flatMap(read);
/** The four Applications that are the layers. */
export const layerApplications: readonly Manifest[] = filesIn('layers').flatMap(read);

/** @param file path under k8s/ */
export function isDelivered(file: string): boolean {
  const [layer = '', ...names] = file.split('/');
  return DELIVERED[layer]?.includes(names.join('/')) ?? true;
}

/** Of what this project delivers. */
export function ofKind(...kinds: string[]): Manifest[] {
  return delivered.filter(({ body }) => kinds.includes(body['kind']));
}

function podTemplateOf(body: Json): Json | undefined {
  if (body['kind'] === 'CronJob') return body['spec'].jobTemplate.spec.template;
  return ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(body['kind']) ? body['spec'].template : undefined;
}

/** Of what this project delivers. */
export const workloads: readonly Workload[] = delivered.flatMap((manifest) => {
  const template = podTemplateOf(manifest.body);
  if (!template) return [];
  const claims = (template['spec'].volumes ?? []).some((volume: Json) => volume['persistentVolumeClaim']);
  const isOne = manifest.body['spec'].strategy?.type === 'Recreate';
  const scalable = ['Deployment', 'StatefulSet'].includes(manifest.body['kind']) && !claims && !isOne;
  return [{ ...manifest, pod: template['spec'], labels: template['metadata'].labels, scalable }];
});

export interface Container {
  readonly at: string;
  readonly container: Json;
  readonly workload: Workload;
  readonly init: boolean;
}

export const containers: readonly Container[] = workloads.flatMap((workload) =>
  containersOf(workload).map((entry) => ({ ...entry, workload })),
);

/** Of a workload's pods; none of any other object. */
export function containersOf({ id, body }: Manifest): Omit<Container, 'workload'>[] {
  const pod = (podTemplateOf(body)?.['spec'] ?? {}) as Json;
  return ['initContainers', 'containers'].flatMap((list) =>
    ((pod[list] ?? []) as Json[]).map((container) => ({
      at: `${id} ${container['name']}`,
      container,
      init: list === 'initContainers',
    })),
  );
}

export function matches(selector: Record<string, string> | undefined, labels: Record<string, string>): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);
}

/** CPU in cores, memory and storage in bytes. */
export function quantity(text: string): number {
  const [, number, unit] = /^([\d.]+)(m|Ki|Mi|Gi)?$/.exec(String(text))!;
  const scale = { m: 1e-3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, none: 1 };
  return Number(number) * scale[(unit ?? 'none') as keyof typeof scale];
}

/** The root application and its layers, in their order. */
import type { ApplicationObject } from './api-objects';
import { reasonsOf, type Evidence } from './layer-reasons';
import type { Blocking, LayerStatus, Reason } from './platform-status';

/** Name of the application that holds the layers (stacks/cluster/argocd.ts). */
export const ROOT = 'root';

const WAVE = 'argocd.argoproj.io/sync-wave';
const TRACKING_ID = 'argocd.argoproj.io/tracking-id';

/** @param installed whether the API server knows Applications at all */
export function layerStatuses(
  applications: readonly ApplicationObject[],
  installed: boolean,
  evidence: Evidence,
): LayerStatus[] {
  const root = applications.find(({ metadata }) => metadata.name === ROOT);
  if (root === undefined) return [missingRoot(installed), ...withoutRoot(applications, evidence)];
  const status = (application: ApplicationObject) => withParts(application, applications, evidence);
  const live = applications
    .filter((application) => parentOf(application) === ROOT)
    .map((one) => ({ wave: waveOf(one), name: one.metadata.name, status: status(one) }));
  const absent = (root.status?.resources ?? [])
    .filter(({ kind, name }) => kind === 'Application' && !applications.some(({ metadata }) => metadata.name === name))
    .map(({ name = '', syncWave = 0 }) => ({ wave: syncWave, name, status: missing(name) }));
  const layers = [...live, ...absent]
    .sort((one, other) => one.wave - other.wave || one.name.localeCompare(other.name))
    .map(({ status: layer }) => layer);
  const unmanaged = applications.filter((application) => isUnmanaged(application, applications));
  return [
    rootWithoutParts(status(root), layers),
    ...layers.map((layer, index) => (layer.sync === MISSING ? waitingLayer(layer, layers.slice(0, index)) : layer)),
    ...unmanaged.map(status),
  ];
}

const MISSING = 'Missing';

/** While it waits for its layers, they say why. */
function rootWithoutParts(root: LayerStatus, layers: readonly LayerStatus[]): LayerStatus {
  const reasons = layers.every(({ healthy }) => healthy) ? root.reasons : root.reasons.filter(({ failed }) => failed);
  return { ...root, reasons, parts: [] };
}

/** The first layer that stops the others, told by the part of it that is to blame. The root only mirrors its layers. */
export function blockingOf(layers: readonly LayerStatus[]): Blocking | undefined {
  const [root, ...others] = layers;
  const first = others.find(({ healthy }) => !healthy) ?? (root?.healthy === false ? root : undefined);
  if (first === undefined) return undefined;
  const failed = root?.reasons.find((reason) => reason.failed);
  // Missing layers have no reason of their own: the root could not read k8s/layers.
  if (root !== undefined && first.sync === MISSING && failed !== undefined) return { layer: root.name, ...failed };
  return { layer: first.name, ...gravestReason(first) };
}

function gravestReason({ reasons, parts }: LayerStatus): Reason {
  const inParts = parts.flatMap((part) =>
    part.reasons.map((reason) => ({ ...reason, message: `${part.name}: ${reason.message}` })),
  );
  const all = [...reasons, ...inParts];
  return all.find(({ failed }) => failed) ?? inParts[0] ?? all[0] ?? { message: 'no reason given', failed: false };
}

function withParts(
  application: ApplicationObject,
  applications: readonly ApplicationObject[],
  evidence: Evidence,
): LayerStatus {
  const { name } = application.metadata;
  const parts = applications.filter((other) => parentOf(other) === name).map((part) => statusOf(part, evidence));
  return { ...statusOf(application, evidence), parts };
}

function statusOf(application: ApplicationObject, evidence: Evidence): LayerStatus {
  const { sync, health } = application.status ?? {};
  const healthy = sync?.status === 'Synced' && health?.status === 'Healthy';
  return {
    name: application.metadata.name,
    sync: sync?.status ?? 'Unknown',
    health: health?.status ?? 'Unknown',
    healthy,
    ...(sync?.revision && { revision: sync.revision }),
    reasons: healthy ? [] : reasonsOf(application, evidence),
    parts: [],
  };
}

function missing(name: string): LayerStatus {
  return { name, sync: MISSING, health: MISSING, healthy: false, reasons: [], parts: [] };
}

function waitingLayer(layer: LayerStatus, before: readonly LayerStatus[]): LayerStatus {
  const waitingFor = before.find(({ healthy }) => !healthy)?.name ?? ROOT;
  return { ...layer, waitingFor, reasons: [{ message: `waiting for ${waitingFor}`, failed: false }] };
}

function missingRoot(installed: boolean): LayerStatus {
  const message = installed
    ? 'Argo CD has no root application: npx cdktf deploy cluster'
    : 'Argo CD is not installed: npx cdktf deploy cluster';
  return { ...missing(ROOT), reasons: [{ message, failed: true }] };
}

function withoutRoot(applications: readonly ApplicationObject[], evidence: Evidence): LayerStatus[] {
  return applications
    .filter((application) => parentOf(application) === undefined || parentOf(application) === ROOT)
    .map((application) => withParts(application, applications, evidence));
}

/** Whether no other application made it, such as one that was applied by hand. */
function isUnmanaged(application: ApplicationObject, applications: readonly ApplicationObject[]): boolean {
  const parent = parentOf(application);
  return application.metadata.name !== ROOT && !applications.some(({ metadata }) => metadata.name === parent);
}

/** `root` of `root:argoproj.io/Application:argocd/layer-00-infra` */
function parentOf({ metadata }: ApplicationObject): string | undefined {
  return metadata.annotations?.[TRACKING_ID]?.split(':')[0];
}

function waveOf({ metadata }: ApplicationObject): number {
  return Number(metadata.annotations?.[WAVE] ?? 0);
}

/** Layers that did not follow the root to its commit. Argo CD hides for minutes that it cannot read a folder. */
export function revisionWarnings([root, ...layers]: readonly LayerStatus[]): string[] {
  const wanted = root?.revision;
  if (root?.name !== ROOT || wanted === undefined) return [];
  return layers
    .filter(({ healthy, revision }) => healthy && revision !== undefined && revision !== wanted)
    .map(
      ({ name, revision = '' }) =>
        `${name} is still at ${revision.slice(0, 7)}, the root at ${wanted.slice(0, 7)}. If that lasts, Argo CD cannot read its folder: ` +
        'npx forge wait tells when it has',
    );
}

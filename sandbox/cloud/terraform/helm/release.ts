import { until } from '#clients/until';
import type { KubernetesObject, CustomResourceDefinition, Workload } from '../kubernetes/kubernetes-object';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { flag, number, optionalText, text, texts } from '../attributes';
import type { KubernetesAccess } from '../kubernetes/access';
import type { ObjectRef } from '../kubernetes/object-ref';
import { localChart, render, type LocalChart } from './chart';
import type { EmulatedChart } from './emulated-chart';
import { deleteRecord, manifestOf, objectsOf, readRecord, writeRecord, type ReleaseRecord } from './release-record';
import { releaseValues } from './release-values';

export interface HelmClient {
  readonly kubernetes: KubernetesAccess;
  /** Path of the helm program. */
  readonly helm: string;
  readonly kubeVersion: string;
  /** Charts of repositories that are more than a record, by name. */
  readonly emulated: Readonly<Record<string, EmulatedChart>>;
}

const MANAGER = 'helm';
const POLL_MS = 100;
const ESTABLISH_LIMIT_MS = 20_000;

/**
 * helm_release: charts of this checkout are rendered and applied; of charts from a repository some are emulated, the others are
 * recorded only.
 */
export const release: ResourceType<HelmClient> = {
  schemaVersion: 2,
  sensitive: ['repository_password', 'set_sensitive.value'],
  writeOnly: ['set_wo'],
  forceNew: ['name', 'namespace'],
  defaults: {
    atomic: false,
    cleanup_on_fail: false,
    create_namespace: false,
    dependency_update: false,
    disable_crd_hooks: false,
    disable_openapi_validation: false,
    disable_webhooks: false,
    force_update: false,
    lint: false,
    max_history: 0,
    namespace: 'default',
    pass_credentials: false,
    recreate_pods: false,
    render_subchart_notes: true,
    replace: false,
    reset_values: false,
    reuse_values: false,
    skip_crds: false,
    take_ownership: false,
    timeout: 300,
    verify: false,
    wait: true,
    wait_for_jobs: false,
  },
  changesOnUpdate: ['metadata', 'status'],
  create: async ({ client, planned, signal }) => {
    const namespace = text(planned, 'namespace');
    if (await readRecord(client.kubernetes, namespace, text(planned, 'name'))) {
      throw new ProviderError('cannot re-use a name that is still in use', `${namespace}/${text(planned, 'name')}`);
    }
    if (flag(planned, 'create_namespace')) await ensureNamespace(client.kubernetes, namespace);
    return install(client, planned, undefined, signal);
  },
  read: async ({ client, state }) => {
    const record = await readRecord(client.kubernetes, text(state, 'namespace'), text(state, 'name'));
    return record === undefined ? null : attributesOf(record, state);
  },
  update: async ({ client, planned, signal }) => {
    const before = await readRecord(client.kubernetes, text(planned, 'namespace'), text(planned, 'name'));
    return install(client, planned, before, signal);
  },
  delete: async ({ client, state }) => {
    const [namespace, name] = [text(state, 'namespace'), text(state, 'name')];
    const record = await readRecord(client.kubernetes, namespace, name);
    for (const object of objectsOf(record).reverse()) await client.kubernetes.delete(object as ObjectRef);
    await deleteRecord(client.kubernetes, namespace, name);
  },
};

async function install(
  client: HelmClient,
  planned: ValueObject,
  before: ReleaseRecord | undefined,
  signal: AbortSignal,
): Promise<ValueObject> {
  const [name, namespace] = [text(planned, 'name'), text(planned, 'namespace')];
  const chart = localChart(text(planned, 'chart'));
  const objects = await objectsFor(client, chart, planned);
  await apply(client.kubernetes, objects);
  if (flag(planned, 'wait')) {
    await waitUntilAvailable(client.kubernetes, objects, number(planned, 'timeout'), signal);
  }
  await removeLeftovers(client.kubernetes, objectsOf(before), objects);
  const now = new Date().toISOString();
  const record: ReleaseRecord = {
    name,
    namespace,
    version: (before?.version ?? 0) + 1,
    info: { first_deployed: before?.info.first_deployed ?? now, last_deployed: now, status: 'deployed' },
    chart: {
      metadata: {
        name: chart?.name ?? text(planned, 'chart'),
        version: chart?.version ?? text(planned, 'version'),
        appVersion: chart?.appVersion ?? '',
      },
    },
    manifest: manifestOf(objects),
  };
  await writeRecord(client.kubernetes, record);
  return attributesOf(record, planned);
}

function objectsFor(
  client: HelmClient,
  local: LocalChart | undefined,
  planned: ValueObject,
): Promise<KubernetesObject[]> {
  const namespace = text(planned, 'namespace');
  if (local === undefined) {
    const emulated = client.emulated[text(planned, 'chart')];
    return emulated?.({ namespace, values: releaseValues(planned) }) ?? Promise.resolve([]);
  }
  return render(client.helm, local, {
    release: text(planned, 'name'),
    namespace,
    values: texts(planned, 'values'),
    kubeVersion: client.kubeVersion,
  });
}

/** Definitions of custom resources first: the others may be of their kinds. */
async function apply(kubernetes: KubernetesAccess, objects: readonly KubernetesObject[]): Promise<void> {
  const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  await Promise.all(definitions.map((object) => kubernetes.apply(object, MANAGER)));
  await Promise.all(definitions.map((object) => established(kubernetes, object as ObjectRef)));
  for (const object of objects) if (!definitions.includes(object)) await kubernetes.apply(object, MANAGER);
}

async function established(kubernetes: KubernetesAccess, ref: ObjectRef): Promise<void> {
  const isEstablished = async () => {
    const { status } = (await kubernetes.get<CustomResourceDefinition>(ref)) ?? {};
    return status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True');
  };
  const what = () => new ProviderError('context deadline exceeded', `The API does not serve ${ref.metadata.name}`);
  await until(isEstablished, { every: POLL_MS, limit: ESTABLISH_LIMIT_MS, what });
}

async function waitUntilAvailable(
  client: KubernetesAccess,
  objects: readonly KubernetesObject[],
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (const object of objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')) {
    const what = () =>
      new ProviderError(
        'context deadline exceeded',
        `${object.metadata!.name} was not available after ${seconds} seconds`,
      );
    const check = async () => {
      signal.throwIfAborted();
      return isAvailable(await client.get<Workload>(object as ObjectRef));
    };
    await until(check, { every: POLL_MS, limit: deadline - Date.now(), what });
  }
}

function isAvailable(deployment: Workload | undefined): boolean {
  const { spec, status, metadata } = deployment ?? {};
  if (status?.observedGeneration !== metadata?.generation) return false;
  return (status?.availableReplicas ?? 0) >= (spec?.replicas ?? 1);
}

/** Objects of the release before that the new one no longer has. */
async function removeLeftovers(
  client: KubernetesAccess,
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): Promise<void> {
  const keyOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata?.namespace} ${metadata?.name}`;
  const kept = new Set(after.map(keyOf));
  for (const object of before) {
    if (!kept.has(keyOf(object))) await client.delete(object as ObjectRef);
  }
}

async function ensureNamespace(client: KubernetesAccess, name: string): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  if ((await client.get(namespace)) === undefined) await client.create(namespace);
}

function attributesOf(record: ReleaseRecord, state: ValueObject): ValueObject {
  const { name, version, appVersion } = record.chart.metadata;
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  return {
    id: record.name,
    status: record.info.status,
    description: optionalText(state, 'description') ?? null,
    version: version === '' ? null : version,
    manifest: null,
    resources: null,
    metadata: {
      name: record.name,
      namespace: record.namespace,
      revision: record.version,
      chart: name,
      version,
      app_version: appVersion,
      first_deployed: seconds(record.info.first_deployed),
      last_deployed: seconds(record.info.last_deployed),
      notes: '',
      values: '{}',
    },
  };
}

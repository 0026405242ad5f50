import { until } from '#clients/until';
import type { KubernetesObject } from './kubernetes-object';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { text } from '../attributes';
import type { KubernetesAccess } from './access';
import { metadataOf, metadataPatch, metadataState } from './metadata';

const POLL_MS = 250;
/** The official provider's default. */
const DELETE_LIMIT_MS = 300_000;

/** kubernetes_namespace_v1. */
export const namespace: ResourceType<KubernetesAccess> = {
  forceNew: ['metadata.name'],
  defaults: { wait_for_default_service_account: false },
  create: async ({ client, planned }) => {
    const metadata = metadataOf(planned);
    await client.create(pathOf(metadata.name), { metadata });
    return stateOf(client, metadata.name, planned);
  },
  read: async ({ client, state }) => {
    const found = await client.get<KubernetesObject>(pathOf(text(state, 'id')));
    return found === undefined ? null : attributesOf(found, state);
  },
  update: async ({ client, prior, planned }) => {
    await client.merge(pathOf(text(prior, 'id')), { metadata: metadataPatch(prior, planned) });
    return stateOf(client, text(prior, 'id'), planned);
  },
  delete: async ({ client, state }) => {
    const path = pathOf(text(state, 'id'));
    await client.delete(path);
    const what = () => new ProviderError(`The namespace ${text(state, 'id')} is still terminating`);
    const isGone = async () => (await client.get(path)) === undefined;
    await until(isGone, { every: POLL_MS, limit: DELETE_LIMIT_MS, what });
  },
  import: ({ id }) => Promise.resolve({ id, metadata: [{}] }),
};

async function stateOf(client: KubernetesAccess, id: string, planned: ValueObject): Promise<ValueObject> {
  const found = await client.get<KubernetesObject>(pathOf(id));
  return found === undefined ? {} : attributesOf(found, planned);
}

function attributesOf(found: KubernetesObject, state: ValueObject): ValueObject {
  return { id: found.metadata!.name!, metadata: metadataState(found, state) };
}

function pathOf(name: string): string {
  return `/api/v1/namespaces/${name}`;
}

import type { Secret } from './kubernetes-object';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { text } from '../attributes';
import type { KubernetesAccess } from './access';
import { metadataOf, metadataPatch, metadataState, planEmptyMetadata, replaced } from './metadata';

/** kubernetes_secret_v1, with data that no state holds. */
export const secret: ResourceType<KubernetesAccess> = {
  arguments: ['metadata', 'type', 'data_wo', 'data_wo_revision'],
  forceNew: ['type', 'metadata.name', 'metadata.namespace'],
  defaults: { type: 'Opaque', wait_for_service_account_token: true, 'metadata.namespace': 'default' },
  validate: (config) => {
    const { data_wo_revision: revision } = config;
    if (typeof revision !== 'number' || revision >= 1) return;
    const message = `expected data_wo_revision to be at least (1), got ${revision}`;
    throw new ProviderError(message, '', ['data_wo_revision']);
  },
  customizePlan: (change) => {
    if (change.config['data_wo']) planEmptyMetadata(change);
  },
  create: async ({ client, planned, config }) => {
    const metadata = metadataOf(planned);
    const id = `${metadata.namespace}/${metadata.name}`;
    const object = { metadata, type: text(planned, 'type'), data: dataOf(config) };
    await client.create(pathOf(id), object);
    return stateOf(client, id, planned);
  },
  read: async ({ client, state }) => {
    const found = await client.get<Secret>(pathOf(text(state, 'id')));
    return found === undefined ? null : attributesOf(found, state);
  },
  update: async ({ client, prior, planned, config }) => {
    const path = pathOf(text(prior, 'id'));
    const isSent = prior['data_wo_revision'] !== planned['data_wo_revision'];
    const before = isSent ? await client.get<Secret>(path) : undefined;
    await client.merge(path, {
      metadata: metadataPatch(prior, planned),
      ...(isSent && { data: replaced(before?.data ?? {}, dataOf(config)) }),
    });
    return stateOf(client, text(prior, 'id'), planned);
  },
  delete: async ({ client, state }) => {
    await client.delete(pathOf(text(state, 'id')));
  },
  import: ({ id }) => Promise.resolve({ id, type: 'Opaque', metadata: [{}] }),
};

/** In the API's base64. */
function dataOf(config: ValueObject): Record<string, string> {
  const plain = Object.entries((config['data_wo'] ?? {}) as Record<string, string>);
  return Object.fromEntries(plain.map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
}

async function stateOf(client: KubernetesAccess, id: string, planned: ValueObject): Promise<ValueObject> {
  const found = await client.get<Secret>(pathOf(id));
  return found === undefined ? {} : attributesOf(found, planned);
}

function attributesOf(secret: Secret, state: ValueObject): ValueObject {
  const { name, namespace } = secret.metadata!;
  return {
    id: `${namespace}/${name}`,
    type: secret.type ?? 'Opaque',
    immutable: secret.immutable ?? false,
    metadata: metadataState(secret, state),
    data: null,
  };
}

/** @param id `namespace/name` */
function pathOf(id: string): string {
  return `/api/v1/namespaces/${id.replace('/', '/secrets/')}`;
}

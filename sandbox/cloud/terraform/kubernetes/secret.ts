import type { Secret } from './kubernetes-object';
import { isUnknown } from '../protocol/values';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { number, optionalText, text } from '../attributes';
import type { KubernetesAccess } from './access';
import { metadataOf, metadataPatch, metadataState, planMetadata, READ, refOf, WRITTEN, type Nothing } from './metadata';

/** kubernetes_secret_v1. */
export const secret: ResourceType<KubernetesAccess> = {
  sensitive: ['data', 'binary_data'],
  writeOnly: ['data_wo', 'binary_data_wo'],
  forceNew: ['type', 'metadata.name', 'metadata.namespace'],
  defaults: { type: 'Opaque', wait_for_service_account_token: true, 'metadata.namespace': 'default' },
  validate: (config) => {
    for (const name of ['data_wo_revision', 'binary_data_wo_revision']) {
      if ((config[name] ?? null) === null || isUnknown(config[name]) || number(config, name) >= 1) continue;
      throw new ProviderError(`expected ${name} to be at least (1), got ${number(config, name)}`, '', [name]);
    }
  },
  customizePlan: (change) =>
    planMetadata(
      change,
      ['data_wo', 'binary_data_wo'].some((name) => change.config[name]),
    ),
  create: async ({ client, planned, config }) => {
    const metadata = metadataOf(planned);
    const object = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: text(planned, 'type'),
      data: dataOf(config),
      ...(planned['immutable'] === true && { immutable: true }),
    };
    await client.create(object);
    return stateOf(client, `${metadata.namespace}/${metadata.name}`, planned);
  },
  read: async ({ client, state }) => {
    const found = await client.get<Secret>(refOf('Secret', text(state, 'id')));
    return found === undefined ? null : attributesOf(found, state, READ);
  },
  update: async ({ client, prior, planned, config }) => {
    const ref = refOf('Secret', text(prior, 'id'));
    const sent = prior['data_wo_revision'] !== planned['data_wo_revision'] || prior['data'] !== planned['data'];
    await client.merge({
      ...ref,
      metadata: { ...ref.metadata, ...metadataPatch(prior, planned) },
      ...(sent && { data: dataOf(config) }),
    });
    return stateOf(client, text(prior, 'id'), planned);
  },
  delete: async ({ client, state }) => {
    await client.delete(refOf('Secret', text(state, 'id')));
  },
  import: ({ id }) => Promise.resolve({ id, type: 'Opaque', metadata: [{}] }),
};

/** All data that the configuration holds, in the API's base64. */
function dataOf(config: ValueObject): Record<string, string> {
  const plain = { ...entries(config, 'data'), ...entries(config, 'data_wo') };
  const encoded = Object.entries(plain).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    ...entries(config, 'binary_data'),
    ...entries(config, 'binary_data_wo'),
    ...(Object.fromEntries(encoded) as Record<string, string>),
  };
}

function entries(config: ValueObject, name: string): Record<string, string> {
  return (config[name] ?? {}) as Record<string, string>;
}

async function stateOf(client: KubernetesAccess, id: string, planned: ValueObject): Promise<ValueObject> {
  const found = await client.get<Secret>(refOf('Secret', id));
  return found === undefined ? {} : attributesOf(found, planned, WRITTEN);
}

function attributesOf(secret: Secret, state: ValueObject, nothing: Nothing): ValueObject {
  const { name, namespace } = secret.metadata!;
  return {
    id: `${namespace}/${name}`,
    type: secret.type ?? 'Opaque',
    immutable: secret.immutable ?? state['immutable'] ?? null,
    metadata: metadataState(secret, state, nothing),
    data: readableData(secret, state),
  };
}

/** Write-only data is not read back: the state would hold it. */
function readableData(secret: Secret, state: ValueObject): ValueObject | null {
  if (typeof state['data_wo_revision'] === 'number' || optionalText(state, 'data_wo_revision') !== undefined)
    return null;
  const decoded = Object.entries(secret.data ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString(),
  ]);
  return decoded.length === 0 ? null : (Object.fromEntries(decoded) as ValueObject);
}

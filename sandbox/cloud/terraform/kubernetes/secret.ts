import { isDeepStrictEqual } from 'node:util';
import type { Secret } from './kubernetes-object';
import { isUnknown } from '../protocol/values';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { number, optionalText, text } from '../attributes';
import type { KubernetesAccess } from './access';
import { metadataOf, metadataPatch, metadataState, planEmptyMetadata, replaced } from './metadata';

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
  customizePlan: (change) => {
    if (['data_wo', 'binary_data_wo'].some((name) => change.config[name])) planEmptyMetadata(change);
  },
  create: async ({ client, planned, config }) => {
    const metadata = metadataOf(planned);
    const object = {
      metadata,
      type: text(planned, 'type'),
      data: dataOf(config),
      ...(planned['immutable'] === true && { immutable: true }),
    };
    const id = `${metadata.namespace}/${metadata.name}`;
    await client.create(pathOf(id), object);
    return stateOf(client, id, planned);
  },
  read: async ({ client, state }) => {
    const found = await client.get<Secret>(pathOf(text(state, 'id')));
    return found === undefined ? null : attributesOf(found, state);
  },
  update: async ({ client, prior, planned, config }) => {
    const path = pathOf(text(prior, 'id'));
    const isSent = ['data_wo_revision', 'binary_data_wo_revision', 'data', 'binary_data'].some(
      (name) => !isDeepStrictEqual(prior[name], planned[name]),
    );
    const before = isSent ? await client.get<Secret>(path) : undefined;
    await client.merge(path, {
      metadata: metadataPatch(prior, planned),
      ...(isSent && { data: replaced(before?.data ?? {}, dataOf(config)) }),
      ...(planned['immutable'] === true && { immutable: true }),
    });
    return stateOf(client, text(prior, 'id'), planned);
  },
  delete: async ({ client, state }) => {
    await client.delete(pathOf(text(state, 'id')));
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
  return Object.fromEntries(decoded) as ValueObject;
}

/** @param id `namespace/name` */
function pathOf(id: string): string {
  return `/api/v1/namespaces/${id.replace('/', '/secrets/')}`;
}

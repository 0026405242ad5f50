import { seal } from '#clients/github/seal';
import { flag, optionalText, text } from '../attributes';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { ifThere } from '../rest-client';
import { goTime, pathOf, twoParts, type GithubClient } from './client';
import { checkName } from './secret-name';

const VALUES = ['encrypted_value', 'plaintext_value'];

interface SecretBody {
  readonly created_at: string;
  readonly updated_at: string;
}

export const actionsSecret: ResourceType<GithubClient> = {
  forceNew: ['repository', 'secret_name', 'destroy_on_drift', ...VALUES],
  defaults: { destroy_on_drift: true },
  validate,
  create: ({ client, planned }) => create(client, planned),
  read: ({ client, state }) => ifThere(read(client, state)),
  delete: ({ client, state }) => ifThere(client.api.delete(placeOf(client, state))),
  import: ({ id }) => {
    const [repository, name] = twoParts(id, '/', '<repository>/<secret_name>');
    return Promise.resolve({ id: `${repository}:${name}`, repository, secret_name: name });
  },
};

function validate(config: ValueObject): void {
  checkName(config, 'secret_name');
  if (VALUES.every((name) => config[name] !== null)) {
    const detail = '"plaintext_value": conflicts with encrypted_value';
    throw new ProviderError('Conflicting configuration arguments', detail, ['plaintext_value']);
  }
}

async function create(client: GithubClient, planned: ValueObject): Promise<ValueObject> {
  const { key_id, key } = await client.api.get<{ key_id: string; key: string }>(
    pathOf(client, planned, '/actions/secrets/public-key'),
  );
  const encrypted_value =
    optionalText(planned, 'encrypted_value') ?? (await seal(text(planned, 'plaintext_value'), key));
  await client.api.put(placeOf(client, planned), { encrypted_value, key_id });
  const made = await client.api.get<SecretBody>(placeOf(client, planned));
  return { id: `${text(planned, 'repository')}:${text(planned, 'secret_name')}`, ...attributes(made, planned) };
}

/** Nobody can read a secret back. A change elsewhere shows only by its time. */
async function read(client: GithubClient, state: ValueObject): Promise<ValueObject | null> {
  const found = await client.api.get<SecretBody>(placeOf(client, state));
  const known = text(state, 'updated_at');
  const changed = known !== '' && known !== goTime(found.updated_at);
  if (!changed) return attributes(found, state);
  return flag(state, 'destroy_on_drift') ? null : attributes(found, {});
}

function attributes({ created_at, updated_at }: SecretBody, values: ValueObject): ValueObject {
  return {
    created_at: goTime(created_at),
    updated_at: goTime(updated_at),
    encrypted_value: text(values, 'encrypted_value'),
    plaintext_value: text(values, 'plaintext_value'),
  };
}

function placeOf(client: GithubClient, state: ValueObject): string {
  return pathOf(client, state, `/actions/secrets/${text(state, 'secret_name')}`);
}

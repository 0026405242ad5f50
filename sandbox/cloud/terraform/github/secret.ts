import { deleteSecret, getPublicKey, getSecret, putSecret, type SecretPlace } from '#sandbox/cloud/github/secrets';
import { seal } from '#sandbox/cloud/github/sealed-box';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { flag, optionalText, text } from '../attributes';
import { calling, deleting, goTime, idParts, reading, repositoryOf, type GithubClient } from './client';
import { checkName } from './names';

const VALUES = ['encrypted_value', 'plaintext_value'];

export const actionsSecret: ResourceType<GithubClient> = {
  schemaVersion: 1,
  sensitive: VALUES,
  forceNew: ['repository', 'secret_name', 'destroy_on_drift', ...VALUES],
  defaults: { destroy_on_drift: true },
  validate,
  create: ({ client, planned }) => create(client, planned, repositoryOf(client, planned)),
  read: ({ client, state }) => read(client, state, repositoryOf(client, state), flag(state, 'destroy_on_drift')),
  delete: ({ client, state }) =>
    deleting(() => deleteSecret(client.session, repositoryOf(client, state), text(state, 'secret_name'))),
  import: ({ id }) => {
    const [repository, name] = idParts(id, '/', '<repository>/<secret_name>') as [string, string];
    return Promise.resolve({ id: `${repository}:${name}`, repository, secret_name: name });
  },
};

export const actionsEnvironmentSecret: ResourceType<GithubClient> = {
  sensitive: VALUES,
  forceNew: ['repository', 'environment', 'secret_name', ...VALUES],
  validate,
  create: ({ client, planned }) => create(client, planned, environmentOf(client, planned)),
  read: ({ client, state }) => read(client, state, environmentOf(client, state), true),
  delete: ({ client, state }) =>
    deleting(() => deleteSecret(client.session, environmentOf(client, state), text(state, 'secret_name'))),
};

function environmentOf(client: GithubClient, state: ValueObject): SecretPlace {
  return { ...repositoryOf(client, state), environment: text(state, 'environment') };
}

function validate(config: ValueObject): void {
  checkName(config, 'secret_name');
  if (VALUES.every((name) => config[name] !== null)) {
    throw new ProviderError('"plaintext_value": conflicts with encrypted_value', '', ['plaintext_value']);
  }
}

function create({ session }: GithubClient, planned: ValueObject, place: SecretPlace): Promise<ValueObject> {
  return calling(async () => {
    const name = text(planned, 'secret_name');
    const { id: keyId, key } = await getPublicKey(session, place);
    const box = optionalText(planned, 'encrypted_value') ?? seal(text(planned, 'plaintext_value'), key);
    const { createdAt, updatedAt } = await putSecret(session, place, name, { keyId, box });
    return {
      id: [place.name, place.environment, name].filter((part) => part !== undefined).join(':'),
      created_at: goTime(createdAt),
      updated_at: goTime(updatedAt),
    };
  });
}

/** Nobody can read a secret back. A change elsewhere shows only by its time, and then it is made anew. */
function read(
  { session }: GithubClient,
  state: ValueObject,
  place: SecretPlace,
  makeAnewOnDrift: boolean,
): Promise<ValueObject | null> {
  return reading(async () => {
    const { createdAt, updatedAt } = await getSecret(session, place, text(state, 'secret_name'));
    const known = text(state, 'updated_at');
    if (makeAnewOnDrift && known !== '' && known !== goTime(updatedAt)) return null;
    return { created_at: goTime(createdAt), updated_at: goTime(updatedAt) };
  });
}

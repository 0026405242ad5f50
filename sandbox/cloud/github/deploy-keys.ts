import { notFound, validationFailed } from './errors';
import type { DeployKey } from './resources/deploy-key';
import type { Repository } from './resources/repository';
import { request, timestampAfter, type GithubSession, type RepositoryName } from './session';

export type DeployKeyRequest = Pick<DeployKey, 'title' | 'key' | 'readOnly'>;

const KEY = /^(ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]+=*)(?: .*)?$/;

/** A key may be used once in the whole of GitHub. */
export function createDeployKey(
  session: GithubSession,
  repository: RepositoryName,
  { title, key, readOnly }: DeployKeyRequest,
): Promise<DeployKey> {
  const { state } = session.github;
  return request(session, 'administration:write', 'POST', repository, '/keys', (found) => {
    const bare = withoutComment(key);
    if (bare === undefined)
      throw validationFailed('PublicKey', 'key', 'key is invalid. You must supply a key in OpenSSH public key format');
    const everywhere = state.repositories.flatMap(({ deployKeys }) => deployKeys);
    if (everywhere.some((other) => other.key === bare)) {
      throw validationFailed('PublicKey', 'key', 'key is already in use');
    }
    const id = (state.sequence.deployKey += 1);
    const deployKey: DeployKey = { id, title, key: bare, readOnly, createdAt: timestampAfter() };
    found.deployKeys.push(deployKey);
    return deployKey;
  });
}

export function getDeployKey(session: GithubSession, repository: RepositoryName, id: number): Promise<DeployKey> {
  return request(session, 'administration:read', 'GET', repository, `/keys/${id}`, (found) => find(found, id));
}

export function deleteDeployKey(session: GithubSession, repository: RepositoryName, id: number): Promise<void> {
  return request(session, 'administration:write', 'DELETE', repository, `/keys/${id}`, (found) => {
    const key = find(found, id);
    found.deployKeys = found.deployKeys.filter((candidate) => candidate !== key);
  });
}

/** Type and body of an OpenSSH public key; undefined when it is none. */
export function withoutComment(key: string): string | undefined {
  const match = KEY.exec(key.trim());
  return match === null ? undefined : `${match[1]} ${match[2]}`;
}

function find({ deployKeys }: Repository, id: number): DeployKey {
  const key = deployKeys.find((candidate) => candidate.id === id);
  if (key === undefined) throw notFound();
  return key;
}

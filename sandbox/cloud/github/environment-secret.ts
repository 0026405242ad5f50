/** Secrets of an environment: like those of the repository, with a permission of their own. */
import { checked } from './errors';
import { counted, created, NO_CONTENT, ok, type GithubRoute } from './answers';
import { environments } from './environment';
import { collection, timestampAfter, type Caller } from './github';
import { actionsName } from './names';
import { onRepository } from './repository';
import { publicKey, requireBox, secretBody, secretRequest, type Secret } from './secret';
import type { RestRequest } from '../http/routes';

type EnvironmentSecret = Secret & { readonly environment: string };

const secrets = collection<EnvironmentSecret>('environment_secrets', 'name');

export const environmentSecretRoutes: readonly GithubRoute[] = [
  onRepository('GET /environments/{environment}/secrets', 'environments:read', (caller, request) =>
    counted(request, 'secrets', secretsOf(caller, request).map(secretBody)),
  ),
  onRepository('GET /environments/{environment}/secrets/public-key', 'environments:read', ({ github }, { params }) => {
    environments.find(github, params['environment']);
    return ok(publicKey(github));
  }),
  onRepository('PUT /environments/{environment}/secrets/{name}', 'environments:write', (caller, request) => {
    const name = checked('Secret', request.params['name'], actionsName);
    const { encrypted_value, key_id } = checked('Secret', request.body, secretRequest);
    requireBox(caller.github, encrypted_value, key_id);
    const existing = secretsOf(caller, request).find((held) => held.name === name);
    if (existing !== undefined) {
      Object.assign(existing, { encrypted_value, updated_at: timestampAfter(existing.updated_at) });
      return NO_CONTENT;
    }
    const created_at = timestampAfter();
    const environment = request.params['environment']!;
    secrets.add(caller.github, { environment, name, encrypted_value, created_at, updated_at: created_at });
    return created({});
  }),
];

function secretsOf({ github }: Caller, { params }: RestRequest): readonly EnvironmentSecret[] {
  const { name } = environments.find(github, params['environment']);
  return secrets.of(github).filter(({ environment }) => environment === name);
}

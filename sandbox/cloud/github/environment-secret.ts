/** Secrets of an environment: like those of the repository, with a permission of their own. */
import { counted, ok, type GithubRoute } from './answers';
import { environments } from './environment';
import { collection, type Caller } from './github';
import { onRepository } from './repository';
import { publicKey, putSecret, secretBody, type Secret } from './secret';
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
    const environment = request.params['environment']!;
    const add = (made: Secret) => secrets.add(caller.github, { environment, ...made });
    return putSecret(caller.github, request, secretsOf(caller, request), add);
  }),
];

function secretsOf({ github }: Caller, { params }: RestRequest): readonly EnvironmentSecret[] {
  const { name } = environments.find(github, params['environment']);
  return secrets.of(github).filter(({ environment }) => environment === name);
}

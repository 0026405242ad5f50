/** What a repository has for its workflows: names of secrets, variables, environments. */
import { listEnvironments, getEnvironment } from '#sandbox/cloud/github/environments';
import type { Environment } from '#sandbox/cloud/github/resources/environment';
import { getPublicKey, listSecrets, type SecretInfo, type SecretPlace } from '#sandbox/cloud/github/secrets';
import { listVariables } from '#sandbox/cloud/github/variables';
import type { PageSize } from '#sandbox/cloud/http/page';
import { route, type RestRequest } from '#sandbox/cloud/http/router';
import { apiAddress, countedAnswer, nodeId, repositoryOf, type GithubRoute } from './answers';

/** Documented, and smaller than that of other lists. */
const VARIABLES_PAGE: PageSize = { usual: 10, most: 30 };

const REPOSITORY = '/repos/{owner}/{repo}';
const ENVIRONMENT = `${REPOSITORY}/environments/{environment}`;

export const actionsRoutes: readonly GithubRoute[] = [
  ...secretRoutes(`${REPOSITORY}/actions/secrets`),
  ...secretRoutes(`${ENVIRONMENT}/secrets`),
  route('GET', `${REPOSITORY}/actions/variables`, async (session, request) => {
    const variables = await listVariables(session, repositoryOf(request));
    const bodies = variables.map(({ name, value, ...times }) => ({ name, value, ...timesBody(times) }));
    return countedAnswer(request, 'variables', bodies, VARIABLES_PAGE);
  }),
  route('GET', `${REPOSITORY}/environments`, async (session, request) => {
    const environments = await listEnvironments(session, repositoryOf(request));
    return countedAnswer(
      request,
      'environments',
      environments.map((one) => environmentBody(request, one)),
    );
  }),
  route('GET', ENVIRONMENT, async (session, request) => {
    const found = await getEnvironment(session, repositoryOf(request), request.params['environment']!);
    return { status: 200, body: environmentBody(request, found) };
  }),
];

function secretRoutes(pattern: string): readonly GithubRoute[] {
  return [
    route('GET', pattern, async (session, request) => {
      const secrets = await listSecrets(session, placeOf(request));
      const bodies = secrets.map(({ name, ...times }) => ({ name, ...timesBody(times) }));
      return countedAnswer(request, 'secrets', bodies);
    }),
    route('GET', `${pattern}/public-key`, async (session, request) => {
      const { id, key } = await getPublicKey(session, placeOf(request));
      return { status: 200, body: { key_id: id, key } };
    }),
  ];
}

function placeOf(request: RestRequest): SecretPlace {
  const { environment } = request.params;
  return { ...repositoryOf(request), ...(environment === undefined ? {} : { environment }) };
}

function timesBody({ createdAt, updatedAt }: Omit<SecretInfo, 'name'>): Record<string, string> {
  return { created_at: createdAt, updated_at: updatedAt };
}

function environmentBody(
  request: RestRequest,
  { name, createdAt, branchPolicy, canAdminsBypass }: Environment,
): unknown {
  const policy = branchPolicy && {
    protected_branches: branchPolicy.protectedBranches,
    custom_branch_policies: branchPolicy.customPolicies,
  };
  return {
    node_id: nodeId(`Environment:${name}`, 0),
    name,
    url: `${apiAddress(request.origin, repositoryOf(request))}/environments/${encodeURIComponent(name)}`,
    created_at: createdAt,
    updated_at: createdAt,
    can_admins_bypass: canAdminsBypass,
    protection_rules: [],
    deployment_branch_policy: policy ?? null,
  };
}

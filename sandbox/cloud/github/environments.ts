import { notFound, validationFailed } from './errors';
import type { Environment, EnvironmentSettings } from './resources/environment';
import type { Repository } from './resources/repository';
import { newBoxKeys } from './sealed-box';
import { request, timestampAfter, type GithubSession, type RepositoryName } from './session';

const MAX_WAIT_MINUTES = 43_200;
const MAX_REVIEWERS = 6;

/** Makes an environment, or gives one that exists new settings. */
export function putEnvironment(
  session: GithubSession,
  repository: RepositoryName,
  name: string,
  settings: EnvironmentSettings,
): Promise<Environment> {
  return request(session, 'administration:write', 'PUT', repository, `/environments/${name}`, (found) => {
    check(name, settings);
    const existing = found.environments.find((candidate) => candidate.name === name);
    if (existing !== undefined) return Object.assign(existing, settings);
    const environment: Environment = {
      name,
      ...settings,
      keys: newBoxKeys(),
      secrets: [],
      createdAt: timestampAfter(),
    };
    found.environments.push(environment);
    return environment;
  });
}

export function listEnvironments(session: GithubSession, repository: RepositoryName): Promise<Environment[]> {
  return request(session, 'actions:read', 'GET', repository, '/environments', ({ environments }) => [...environments]);
}

export function getEnvironment(session: GithubSession, repository: RepositoryName, name: string): Promise<Environment> {
  return request(session, 'actions:read', 'GET', repository, `/environments/${name}`, (found) =>
    findEnvironment(found, name),
  );
}

/** Its secrets go with it. */
export function deleteEnvironment(session: GithubSession, repository: RepositoryName, name: string): Promise<void> {
  return request(session, 'administration:write', 'DELETE', repository, `/environments/${name}`, (found) => {
    const environment = findEnvironment(found, name);
    found.environments = found.environments.filter((candidate) => candidate !== environment);
  });
}

export function findEnvironment({ environments }: Repository, name: string): Environment {
  const environment = environments.find((candidate) => candidate.name === name);
  if (environment === undefined) throw notFound();
  return environment;
}

function check(name: string, { waitTimer, reviewers, branchPolicy }: EnvironmentSettings): void {
  if (name === '' || name.length > 255) throw validationFailed('Environment', 'name', 'must be 1 to 255 characters');
  if (waitTimer < 0 || waitTimer > MAX_WAIT_MINUTES) {
    throw validationFailed('Environment', 'wait_timer', `must be 0 to ${MAX_WAIT_MINUTES} minutes`);
  }
  if (reviewers.teams.length + reviewers.users.length > MAX_REVIEWERS) {
    throw validationFailed('Environment', 'reviewers', `must be at most ${MAX_REVIEWERS}`);
  }
  if (branchPolicy?.protectedBranches === branchPolicy?.customPolicies && branchPolicy !== undefined) {
    throw validationFailed('Environment', 'deployment_branch_policy', 'must set exactly one of its two fields');
  }
}

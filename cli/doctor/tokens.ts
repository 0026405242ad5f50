/** The tokens: whether they are there, work, and may do what is needed. */
import type { CommandFailure } from '#clients/failure';
import { BACKUP_PASSWORD, CLUSTER_TOKEN, readEnvironment, secretVariables } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import { readToken } from '#config/tokens';
import { digitalOcean, type DigitalOceanClient } from '#clients/digitalocean/client';
import { github } from '#clients/github/client';
import { failure, ok, warning, type Check, type Finding } from './check';

/** Lists that a deploy reads: a token that may not read them may not change them. */
const NEEDED = [
  'droplets',
  'vpcs',
  'firewalls',
  'load_balancers',
  'reserved_ips',
  'projects',
  'tags',
  'volumes',
  'spaces/keys',
  'uptime/checks',
  'monitoring/alerts',
];
/** What the cloud controller and the volume driver read. */
const NEEDED_IN_CLUSTER = ['droplets', 'load_balancers', 'volumes'];

export function tokenChecks(env: NodeJS.ProcessEnv, config: ForgeConfig | undefined): Check[] {
  const managesDns = config?.dns.managed ? ['domains'] : [];
  return [
    { name: 'DIGITALOCEAN_TOKEN', run: () => digitalOceanToken(env, 'DIGITALOCEAN_TOKEN', [...NEEDED, ...managesDns]) },
    { name: CLUSTER_TOKEN, run: () => clusterToken(env) },
    { name: 'GITHUB_TOKEN', run: () => githubToken(env, config) },
    { name: 'values of secrets', run: () => Promise.resolve(secretValues(env, config)) },
  ];
}

async function digitalOceanToken(env: NodeJS.ProcessEnv, variable: string, lists: readonly string[]): Promise<Finding> {
  const value = readToken(env, variable);
  if (value === undefined)
    return failure(
      'missing',
      `Make a token at DigitalOcean (docs/delivery.md lists its scopes) and export ${variable}.`,
    );
  const client = digitalOcean({ ...env, DIGITALOCEAN_TOKEN: value }, () => undefined);
  const allowed = (request: Promise<unknown>) => isAllowed(request, variable);
  const readable = await Promise.all(lists.map((list) => allowed(client.get(`/v2/${list}?per_page=1`))));
  const unreadable = lists.filter((_, index) => !readable[index]);
  const missing = [
    ...(unreadable.length > 0 ? [`read ${unreadable.join(', ')}`] : []),
    ...((await allowed(askToTag(client))) ? [] : ['make tags']),
  ];
  if (missing.length === 0) return ok(`valid, may read ${lists.join(', ')} and make tags`);
  return failure(
    `may not ${missing.join(', and not ')}`,
    'Give the token their scopes (docs/delivery.md), or make another one.',
  );
}

/** Nothing is made with tags without tag:create. A tag can have no such name: whoever may make tags is told so (422). */
async function askToTag(client: DigitalOceanClient): Promise<void> {
  try {
    await client.post('/v2/tags', { name: 'no tag' });
  } catch (error) {
    if ((error as CommandFailure).status !== 422) throw error;
  }
}

/** False for 403. */
async function isAllowed(request: Promise<unknown>, variable: string): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    const { status, message } = error as CommandFailure;
    if (status === 401) throw new Error(`not valid\nMake a new token, and export it as ${variable}.`, { cause: error });
    if (status !== 403) throw new Error(message, { cause: error });
    return false;
  }
}

async function clusterToken(env: NodeJS.ProcessEnv): Promise<Finding> {
  if (env[CLUSTER_TOKEN] && env[CLUSTER_TOKEN] === env['DIGITALOCEAN_TOKEN']) {
    return warning(
      'the same as DIGITALOCEAN_TOKEN',
      'Make a narrower one: it is kept inside the cluster (docs/delivery.md).',
    );
  }
  return digitalOceanToken(env, CLUSTER_TOKEN, NEEDED_IN_CLUSTER);
}

async function githubToken(env: NodeJS.ProcessEnv, config: ForgeConfig | undefined): Promise<Finding> {
  if (readToken(env, 'GITHUB_TOKEN') === undefined)
    return failure(
      'missing',
      'Make a fine-grained token for the repository (docs/delivery.md) and export GITHUB_TOKEN.',
    );
  if (config === undefined) return warning('not tried', 'forge.yaml, which names the repository, must be valid first.');
  const [owner = '', repo = ''] = config.repository.split('/');
  const client = github(env, () => undefined);
  const refused: string[] = [];
  let isPrivate = true;
  for (const part of ['', '/actions/variables']) {
    try {
      const answer = await client.request(`GET /repos/{owner}/{repo}${part}`, { owner, repo, per_page: 1 });
      if (part === '') isPrivate = (answer.data as { private: boolean }).private;
    } catch (error) {
      const { status, message } = error as { status?: number; message: string };
      if (status === 401) return failure('not valid', 'Make a new token, and export it as GITHUB_TOKEN.');
      if (status !== 403 && status !== 404) throw new Error(message, { cause: error });
      refused.push(part === '' ? config.repository : part.slice('/actions/'.length));
    }
  }
  if (refused.length === 0)
    return shownHashes(config, isPrivate) ?? ok(`valid, may read ${config.repository} with its variables`);
  return failure(
    `may not read ${refused.join(', ')}`,
    'Give the token Administration, Variables and Webhooks of the repository.',
  );
}

/** Whoever reads a repository may guess passwords by their hashes. */
function shownHashes({ login, repository }: ForgeConfig, isPrivate: boolean): Finding | undefined {
  if (isPrivate || !login?.people?.some(({ passwordHash }) => passwordHash !== undefined)) return undefined;
  return warning(
    `valid, but ${repository} is public, and has hashes of passwords in forge.yaml`,
    'Take login.github instead, or make the repository private: docs/people.md.',
  );
}

/** Only a deploy of github-secrets needs them. */
function secretValues(env: NodeJS.ProcessEnv, config: ForgeConfig | undefined): Finding {
  if (config === undefined) return warning('not tried', 'forge.yaml, which names them, must be valid first.');
  const { secretValues: present } = readEnvironment(env, config);
  const needed = secretVariables(config);
  const missing = needed.filter((name) => !present.has(name));
  if (missing.length === 0)
    return pasted(needed.filter((name) => isPadded(present.get(name)!))) ?? ok(`${needed.length} present`);
  const elsewhere = missing.includes(BACKUP_PASSWORD)
    ? ` Keep ${BACKUP_PASSWORD} somewhere else too: without it nobody can read a backup.`
    : '';
  return warning(
    `missing: ${missing.join(', ')}`,
    `Export them before cdktf deploy github-secrets; in GitHub they are secrets of the environment.${elsewhere}`,
  );
}

/** A file of several lines, such as a key, ends with a line break as it should. */
function isPadded(value: string): boolean {
  return value !== value.trim() && !/\n/.test(value.trim());
}

function pasted(names: readonly string[]): Finding | undefined {
  if (names.length === 0) return undefined;
  return warning(
    `with a blank or a line break at an end: ${names.join(', ')}`,
    'They reach the cluster as they are. Set them again without it, unless it is meant.',
  );
}

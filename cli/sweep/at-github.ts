/** What an environment has at GitHub. */
import { isNotFound } from '#clients/failure';
import { GITHUB_TOKEN } from '#config/tokens';
import type { ForgeConfig } from '#config/schema';
import { github, type GithubClient } from '#clients/github/client';
import { explainGithub } from '#clients/github/failure';
import { githubNames, VARIABLES } from '#stacks/github-secrets/names';
import type { Terminal } from '../output/terminal';
import type { CloudObject } from './kinds';

interface Listed {
  readonly id?: number;
  readonly name?: string;
  readonly title?: string;
  readonly config?: { readonly url?: string };
}

interface Kind {
  readonly kind: string;
  /** Below the repository. */
  readonly path: string;
  /** That the token needs to see it. */
  readonly permission: string;
  /** The name by which one is ours; undefined for others. */
  readonly nameOf: (object: Listed) => string | undefined;
}

/** Names are exactly ours: another environment's may begin in the same way. */
function kinds(config: ForgeConfig): Kind[] {
  const { webhookUrl, deployKeyTitle, actions } = githubNames(config);
  const variables = VARIABLES.map(actions);
  const oneOf = (names: readonly string[], name: string | undefined) => names.find((one) => one === name);
  return [
    {
      kind: 'webhook',
      path: '/hooks',
      permission: 'webhooks: read',
      nameOf: ({ config: hook }) => oneOf([webhookUrl], hook?.url),
    },
    {
      kind: 'deploy key',
      path: '/keys',
      permission: 'administration: read',
      nameOf: ({ title }) => oneOf([deployKeyTitle], title),
    },
    {
      kind: 'variable',
      path: '/actions/variables',
      permission: 'variables: read',
      nameOf: ({ name }) => oneOf(variables, name),
    },
  ];
}

/** @returns undefined without GITHUB_TOKEN: then nobody looked */
export async function listAtGithub({ env, notify }: Terminal, config: ForgeConfig): Promise<CloudObject[] | undefined> {
  if (!env[GITHUB_TOKEN]) return undefined;
  const client = github(env, notify);
  const lists = await Promise.all(kinds(config).map((kind) => listKind(client, config, kind)));
  return lists.flat();
}

async function listKind(client: GithubClient, { repository }: ForgeConfig, kind: Kind): Promise<CloudObject[]> {
  const path = `/repos/${repository}${kind.path}`;
  const listed = (await client.paginate(`GET ${path}`).catch((error: unknown) => {
    throw explainGithub(error, `list each ${kind.kind} of ${repository}`, kind.permission);
  })) as Listed[];
  return listed.flatMap((object) => {
    const name = kind.nameOf(object);
    return name === undefined ? [] : [found(kind.kind, name, path, object)];
  });
}

/** Terraform's ids have the repository in front, but for that of a webhook. */
function found(kind: string, name: string, path: string, { id, name: variable }: Listed): CloudObject {
  const own = `${id ?? variable}`;
  const repository = path.split('/')[3]!;
  const knownAs = kind === 'webhook' ? own : `${repository}:${own}`;
  return { at: 'GitHub', kind, name, id: own, knownAs, path: `${path}/${own}` };
}

/** False when it was gone already. */
export async function deleteAtGithub({ env, notify }: Terminal, { kind, path }: CloudObject): Promise<boolean> {
  try {
    await github(env, notify).request(`DELETE ${path}`);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw explainGithub(error, `delete the ${kind}`, 'to write it');
  }
}

/** Somebody's repository in Gitea, over the entrance of a sandbox with real machines. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../git/git';
import { askGitea, type Entrance } from './entrance';
import { promise, since } from './operation';
import type { Tour } from './tour';

/** Who pushes. */
export const GITEA_USER = 'tour';
/** The one file of the repository, and its size. */
const FILE = 'data.bin';
const BYTES = 5_000_000;

export interface GiteaRepository {
  readonly name: string;
  readonly url: string;
  /** Of the user, for repositories and issues. */
  readonly token: string;
  /** Where it was pushed from. */
  readonly folder: string;
}

/** @param folder made anew */
export async function pushRepository(tour: Tour, entrance: Entrance, folder: string): Promise<GiteaRepository> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const token = await tokenOf(tour);
  await git(['init', '--quiet', '--initial-branch=main', folder]);
  writeFileSync(join(folder, FILE), randomBytes(BYTES));
  await git(['-C', folder, 'add', '.']);
  await git(['-C', folder, 'commit', '--quiet', '-m', 'Begin']);
  const name = `kept-${Date.now()}`;
  const { status } = await askGitea(entrance, { path: '/user/repos', token, body: { name } });
  promise(status === 201, `Gitea makes no repository: it answers ${status}`);
  const url = `https://${entrance.nameOf('gitea')}/${GITEA_USER}/${name}.git`;
  const start = Date.now();
  await git(['-C', folder, 'push', '--quiet', url, 'main'], gitSettings(entrance, token));
  tour.tell('git', `${BYTES / 1e6} MB pushed to Gitea over the entrance in ${since(start)}`);
  return { name, url, token, folder };
}

/** Waits until the repository can be cloned. @returns the clone's folder, which has been compared with what was pushed */
export async function cloneAgain(tour: Tour, entrance: Entrance, repository: GiteaRepository): Promise<string> {
  const { url, token, folder } = repository;
  const again = `${folder}-again`;
  rmSync(again, { recursive: true, force: true });
  await tour.until('a clone of the repository', () =>
    git(['clone', '--quiet', url, again], gitSettings(entrance, token)).then(
      () => true,
      () => false,
    ),
  );
  const isSame = readFileSync(join(again, FILE)).equals(readFileSync(join(folder, FILE)));
  promise(isSame, 'The file that was pushed is another one now');
  tour.tell('git', `a clone over the entrance has the ${BYTES / 1e6} MB that were pushed before`);
  return again;
}

async function tokenOf({ kubectl }: Tour): Promise<string> {
  const inGitea = (command: string) =>
    kubectl(['-n', 'rt', 'exec', 'deploy/gitea', '-c', 'gitea', '--', 'sh', '-c', command]);
  const make = `gitea admin user create --username ${GITEA_USER} --email ${GITEA_USER}@forge.invalid --random-password --must-change-password=false`;
  await inGitea(`gitea admin user list | awk '{ print $2 }' | grep -qx ${GITEA_USER} || ${make}`);
  const name = `tour-${Date.now()}`;
  const { code, text } = await inGitea(
    `gitea admin user generate-access-token --raw --username ${GITEA_USER} --token-name ${name} --scopes write:repository,write:user,write:issue`,
  );
  const token = text.trim().split('\n').at(-1)!;
  promise(code === 0 && /^[0-9a-f]{40}$/.test(token), `Gitea gives no token: ${text}`);
  return token;
}

/** Trust, the address of the name, and who asks: everybody may read arguments, and messages have them. */
export function gitSettings({ address, nameOf, authoritiesFile }: Entrance, token: string): NodeJS.ProcessEnv {
  const settings = [
    ['http.sslCAInfo', authoritiesFile],
    ['http.curloptResolve', `${nameOf('gitea')}:443:${address}`],
    // Debian 12's libcurl breaks what git streams over HTTP/2: docs/troubleshooting.md.
    ['http.version', 'HTTP/1.1'],
    ['http.extraHeader', `Authorization: Basic ${Buffer.from(`${GITEA_USER}:${token}`).toString('base64')}`],
  ];
  const variables = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return {
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: `${settings.length}`,
    ...(Object.fromEntries(variables) as Record<string, string>),
  };
}

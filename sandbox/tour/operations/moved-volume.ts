import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '#sandbox/git/git';
import { deployStacks, nodesReady } from '#sandbox/up';
import { loseDroplet } from '../by-hand';
import { isReady, type Pod } from '../cluster-view';
import { askGitea, entranceOf, type Entrance } from '../entrance';
import { promise, since, type Operation } from '../operation';
import type { Tour } from '../tour';

/** Kubernetes waits six minutes before it takes a volume from a machine that cannot say that it has let go of it. */
const DETACH_LIMIT_MS = 720_000;
const USER = 'tour';
const FILE = 'data.bin';
const BYTES = 5_000_000;

export const movedVolume: Operation = {
  title: 'Lose the machine that Gitea runs on, and find there what was pushed',
  page: 'lost-machine.md',
  on: 'containers',
  run: async (tour) => {
    const entrance = await entranceOf(tour.sandbox);
    const folder = join(tour.folder, 'gitea');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const remote = await pushRepository(tour, entrance, folder);
    await loseMachine(tour);
    const again = join(folder, 'again');
    await tour.until('a clone of the repository', () =>
      git(['clone', '--quiet', remote.url, again], remote.settings).then(
        () => true,
        () => false,
      ),
    );
    const isSame = readFileSync(join(again, FILE)).equals(readFileSync(join(folder, 'first', FILE)));
    promise(isSame, 'The file that was pushed is another one now');
    tour.tell('git', `a clone over the entrance has the ${BYTES / 1e6} MB that were pushed before`);
  },
};

interface Remote {
  readonly url: string;
  /** Of git, by its environment. */
  readonly settings: NodeJS.ProcessEnv;
}

async function pushRepository(tour: Tour, entrance: Entrance, folder: string): Promise<Remote> {
  const token = await tokenOf(tour);
  const first = join(folder, 'first');
  await git(['init', '--quiet', '--initial-branch=main', first]);
  writeFileSync(join(first, FILE), randomBytes(BYTES));
  await git(['-C', first, 'add', '.']);
  await git(['-C', first, 'commit', '--quiet', '-m', 'Begin']);
  const name = `kept-${Date.now()}`;
  const status = await askGitea(entrance, { path: '/user/repos', token, body: { name } });
  promise(status === 201, `Gitea makes no repository: it answers ${status}`);
  const url = `https://${entrance.nameOf('gitea')}/${USER}/${name}.git`;
  const settings = remoteSettings(entrance, token);
  const start = Date.now();
  await git(['-C', first, 'push', '--quiet', url, 'main'], settings);
  tour.tell('git', `${BYTES / 1e6} MB pushed to Gitea over the entrance in ${since(start)}`);
  return { url, settings };
}

async function tokenOf({ kubectl }: Tour): Promise<string> {
  const inGitea = (command: string) =>
    kubectl(['-n', 'rt', 'exec', 'deploy/gitea', '-c', 'gitea', '--', 'sh', '-c', command]);
  const make = `gitea admin user create --username ${USER} --email ${USER}@forge.invalid --random-password --must-change-password=false`;
  await inGitea(`gitea admin user list | awk '{ print $2 }' | grep -qx ${USER} || ${make}`);
  const name = `tour-${Date.now()}`;
  const { code, text } = await inGitea(
    `gitea admin user generate-access-token --raw --username ${USER} --token-name ${name} --scopes write:repository,write:user`,
  );
  const token = text.trim().split('\n').at(-1)!;
  promise(code === 0 && /^[0-9a-f]{40}$/.test(token), `Gitea gives no token: ${text}`);
  return token;
}

/** Trust, the address of the name, and who asks: everybody may read arguments, and messages have them. */
function remoteSettings({ address, nameOf, authoritiesFile }: Entrance, token: string): NodeJS.ProcessEnv {
  const settings = [
    ['http.sslCAInfo', authoritiesFile],
    ['http.curloptResolve', `${nameOf('gitea')}:443:${address}`],
    // Debian 12's libcurl breaks what git streams over HTTP/2: docs/troubleshooting.md.
    ['http.version', 'HTTP/1.1'],
    ['http.extraHeader', `Authorization: Basic ${Buffer.from(`${USER}:${token}`).toString('base64')}`],
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

async function loseMachine(tour: Tour): Promise<void> {
  const { cluster, tell, until } = tour;
  const [gitea] = await cluster.pods('gitea');
  const node = gitea!.spec.nodeName!;
  const start = Date.now();
  await loseDroplet(tour.sandbox.env, node.replace(/-\d+$/, ''));
  tell('by hand', `the machine of ${node}, where Gitea runs, is gone`);
  await until('the cloud controller removes the Node', async () => {
    const nodes = await cluster.api.list<{ metadata: { name: string } }>('/api/v1/nodes');
    return nodes.every(({ metadata }) => metadata.name !== node);
  });
  tell('kubernetes', `the cloud controller removed its Node after ${since(start)}`);
  const isElsewhere = (pod: Pod) => isReady(pod) && pod.spec.nodeName !== node;
  const moved = async () => (await cluster.pods('gitea')).find(isElsewhere);
  const pod = await until('Gitea on another machine', moved, DETACH_LIMIT_MS);
  tell('kubernetes', `${pod.metadata.name} is Ready on ${pod.spec.nodeName} with its volume after ${since(start)}`);
  const made = Date.now();
  await deployStacks(tour.sandbox, ['network'], () => undefined);
  await nodesReady(tour.sandbox.folder, () => undefined);
  tell('terraform', `cdktf deploy network: another machine is there after ${since(made)}`);
}

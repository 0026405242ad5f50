import { deployStacks, nodesReady } from '#sandbox/up';
import { loseDroplet, removeSignsOfLife } from '../by-hand';
import { isReady } from '../cluster-view';
import { promise, since, type Operation } from '../operation';
import type { Tour } from '../tour';

interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const APPS = ['gitea', 'jenkins', 'nginx-front', 'postgres'];

export const lostMachine: Operation = {
  title: 'Lose a worker, then the server',
  page: 'lost-machine.md',
  on: 'processes',
  run: async (tour) => {
    await loseWorker(tour);
    if (tour.sandbox.config.servers.count === 1) await loseServer(tour);
  },
};

async function loseWorker(tour: Tour): Promise<void> {
  const { cluster, tell, until } = tour;
  const [gitea] = await cluster.pods('gitea');
  const node = gitea!.spec.nodeName!;
  let start = Date.now();
  await loseDroplet(tour.sandbox.env, dropletOf(node));
  tell('by hand', `the machine of ${node}, where Gitea runs, is gone`);
  await until('the cloud controller removes the Node', async () =>
    (await nodes(tour)).every(({ metadata }) => metadata.name !== node),
  );
  tell('kubernetes', `the cloud controller removed its Node after ${since(start)}`);
  await until('every tool runs on another machine', async () => {
    const pods = (await Promise.all(APPS.map((app) => cluster.pods(app)))).flat();
    return APPS.length <= pods.length && pods.every((pod) => isReady(pod) && pod.spec.nodeName !== node);
  });
  tell('kubernetes', `every pod is Ready elsewhere after ${since(start)}`);
  start = Date.now();
  await deploy(tour);
  tell('terraform', `cdktf deploy network: another machine is a Ready node after ${since(start)}`);
}

async function loseServer(tour: Tour): Promise<void> {
  const { cluster, tell, until, untilHealthy } = tour;
  const server = (await nodes(tour)).find(({ metadata }) => CONTROL_PLANE in metadata.labels)!.metadata.name;
  const before = await fingerprint(tour);
  tell('kubernetes', `the server saved ${await tour.saveSnapshot()} to Spaces`);
  await loseDroplet(tour.sandbox.env, dropletOf(server));
  tell('by hand', `the machine of ${server}, the only server, is gone`);
  promise(
    (await removeSignsOfLife(tour.sandbox.config, tour.sandbox.env)).includes(server),
    `${server} left no sign of life`,
  );
  tell('by hand', 'its sign of life is removed from Spaces; without that the next server waits up to 15 minutes');
  const start = Date.now();
  await deploy(tour);
  tell('terraform', `cdktf deploy network: another server is Ready after ${since(start)}`);
  await until('the API answers', () => cluster.api.isReady());
  const after = await fingerprint(tour);
  const lost = before.filter((object) => !after.includes(object));
  promise(lost.length === 0, `Lost with the server: ${lost.join(', ')}`);
  tell('kubernetes', `all ${before.length} objects of the tools, claims and secrets are those from before`);
  await untilHealthy();
  tell('argo cd', 'every layer is Synced and Healthy');
}

async function deploy({ sandbox }: Tour): Promise<void> {
  await deployStacks(sandbox, ['network'], () => undefined);
  await nodesReady(sandbox.folder, () => undefined);
}

function nodes({ cluster }: Tour): Promise<Node[]> {
  return cluster.api.list<Node>('/api/v1/nodes');
}

/** A node's name is its droplet's, and the droplet's id. */
function dropletOf(node: string): string {
  return node.replace(/-\d+$/, '');
}

/** Objects that only Git, GitHub or nobody could make again, by their identity. */
async function fingerprint({ cluster }: Tour): Promise<string[]> {
  const kinds = ['secrets', 'configmaps', 'persistentvolumeclaims', 'services'];
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const objects = await cluster.api.list<{ metadata: { name: string; uid: string } }>(
        `/api/v1/namespaces/rt/${kind}`,
      );
      return objects.map(({ metadata }) => `${kind}/${metadata.name} ${metadata.uid}`);
    }),
  );
  return lists.flat();
}

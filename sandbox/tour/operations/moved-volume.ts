import { join } from 'node:path';
import { deployStacks, nodesReady } from '#sandbox/up';
import { loseDroplet } from '../by-hand';
import { isReady, type Pod } from '../cluster-view';
import { entranceOf } from '../entrance';
import { cloneAgain, pushRepository } from '../gitea';
import { since, type Operation } from '../operation';
import type { Tour } from '../tour';

/** Kubernetes waits six minutes before it takes a volume from a machine that cannot say that it has let go of it. */
const DETACH_LIMIT_MS = 720_000;

export const movedVolume: Operation = {
  title: 'Lose the machine that Gitea runs on, and find there what was pushed',
  page: 'lost-machine.md',
  on: 'containers',
  run: async (tour) => {
    const entrance = await entranceOf(tour.sandbox);
    const repository = await pushRepository(tour, entrance, join(tour.folder, 'gitea'));
    await loseMachine(tour);
    await cloneAgain(tour, entrance, repository);
  },
};

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

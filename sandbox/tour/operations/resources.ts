import { isReady } from '../cluster-view';
import { promise, since, type Operation } from '../operation';
import type { Tour } from '../tour';

const FILE = 'k8s/03-apps/nginx-front.yaml';
const APP = 'nginx-front';

export const resources: Operation = {
  title: 'Give the front page more memory, then more than the quota allows',
  page: 'scaling.md',
  run: async (tour) => {
    await give(tour);
    await giveTooMuch(tour);
  },
};

async function give({ clone, cluster, tell, until, untilHealthy }: Tour): Promise<void> {
  clone.edit(FILE, (text) => text.replace('memory: 32Mi', 'memory: 48Mi').replace('memory: 64Mi', 'memory: 96Mi'));
  const start = Date.now();
  const commit = await clone.push('Give the front page more memory');
  tell('git', `${FILE}: requests 32Mi -> 48Mi, limits 64Mi -> 96Mi, pushed as ${commit}`);
  const [pod] = await until('a Ready pod with the new resources, and no other', async () => {
    const pods = await cluster.pods(APP);
    const isNew = pods.every(({ spec }) => spec.containers[0]?.resources.limits?.['memory'] === '96Mi');
    return isNew && pods.length > 0 && pods.every(isReady) && pods;
  });
  promise(pod?.spec.containers[0]?.resources.requests?.['memory'] === '48Mi', 'The pod does not request 48Mi');
  tell('kubernetes', `${pod.metadata.name} has them after ${since(start)}; the old pod went when it was Ready`);
  await untilHealthy(commit);
}

async function giveTooMuch({ clone, cluster, tell, until, forge }: Tour): Promise<void> {
  const before = (await cluster.pods(APP)).map(({ metadata }) => metadata.uid);
  clone.edit(FILE, (text) => text.replace('memory: 48Mi', 'memory: 20Gi').replace('memory: 96Mi', 'memory: 20Gi'));
  const commit = await clone.push('Give the front page more memory than there is');
  tell('git', `${FILE}: requests and limits 20Gi, pushed as ${commit}`);
  const reason = await until('forge status reports the quota', async () => {
    const { code, text } = await forge(['status']);
    return (
      code === 1 &&
      text
        .split('\n')
        .find((line) => line.includes('quota'))
        ?.trim()
    );
  });
  tell('forge status', reason);
  const pods = await cluster.pods(APP);
  const serving = pods.filter((pod) => before.includes(pod.metadata.uid) && isReady(pod));
  promise(serving.length === before.length, 'The old pod does not serve any more');
  tell('kubernetes', `${serving.map(({ metadata }) => metadata.name).join(', ')} serves as before`);
}

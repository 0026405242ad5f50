import { isReady, type Pod } from '../cluster-view';
import { promise, since, type Operation } from '../operation';
import type { Tour } from '../tour';

const APPS = ['gitea', 'jenkins', 'nginx-front', 'postgres'];

export const replicas: Operation = {
  title: 'Raise the replicas of Jenkins and of the front page',
  page: 'scaling.md',
  run: async (tour) => {
    await raise(tour, 'jenkins');
    await raise(tour, 'nginx-front');
  },
};

async function raise({ clone, cluster, tell, until }: Tour, app: string): Promise<void> {
  const before = await allPods(cluster.pods);
  const file = `k8s/03-apps/${app}.yaml`;
  clone.edit(file, (text) => text.replace('replicas: 1', 'replicas: 3'));
  const start = Date.now();
  const commit = await clone.push(`Give ${app} three replicas`);
  tell('git', `${file}: replicas: 1 -> 3, pushed as ${commit}`);
  const pods = await until(`three Ready pods of ${app}`, async () => {
    const ready = (await cluster.pods(app)).filter(isReady);
    return ready.length === 3 && ready;
  });
  tell('kubernetes', `${pods.map(({ metadata }) => metadata.name).join(', ')} are Ready after ${since(start)}`);
  const after = new Map((await allPods(cluster.pods)).map((pod) => [pod.metadata.uid, pod]));
  const lost = before.filter(
    ({ metadata }) => after.get(metadata.uid)?.metadata.deletionTimestamp !== undefined || !after.has(metadata.uid),
  );
  promise(lost.length === 0, `${lost.map(({ metadata }) => metadata.name).join(', ')} did not stay`);
  const restarted = [...after.values()].filter(({ status }) =>
    status.containerStatuses?.some(({ restartCount }) => restartCount > 0),
  );
  promise(restarted.length === 0, `${restarted.map(({ metadata }) => metadata.name).join(', ')} restarted`);
  tell('kubernetes', `the ${before.length} pods that were there before run on`);
}

async function allPods(podsOf: (app: string) => Promise<Pod[]>): Promise<Pod[]> {
  return (await Promise.all(APPS.map(podsOf))).flat();
}

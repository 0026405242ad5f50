import { isReady, type ClusterView } from '../cluster-view';
import { promise, since, type Operation } from '../operation';

const FILE = 'k8s/03-apps/gitea.yaml';
/** Objects of the file that go with it. */
const PRUNED = ['apps/v1/deployments/gitea', 'v1/services/gitea-svc', 'networking.k8s.io/v1/ingresses/gitea'] as const;

interface Claim {
  readonly metadata: { readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly volumeName: string };
}

export const pruning: Operation = {
  title: 'Remove Gitea from Git, and bring it back with its data',
  page: 'pruning.md',
  run: async ({ clone, cluster, tell, until, untilHealthy }) => {
    const before = await claimOf(cluster);
    promise(before !== undefined, 'Gitea has no claim');
    const manifest = clone.read(FILE);
    clone.remove(FILE);
    let start = Date.now();
    let commit = await clone.push('Remove Gitea');
    tell('git', `${FILE} removed, pushed as ${commit}`);
    await until('Deployment, Service, Ingress and pods are gone', async () => {
      const left = await Promise.all(PRUNED.map((path) => cluster.inTools(path)));
      return left.every((object) => object === undefined) && (await cluster.pods('gitea')).length === 0;
    });
    tell('argo cd', `removed Deployment, Service, Ingress and pods after ${since(start)}`);
    await untilHealthy(commit);
    const kept = await claimOf(cluster);
    promise(isSame(before, kept), 'The claim did not stay');
    tell('kubernetes', `claim gitea-data and volume ${before.spec.volumeName} stay`);

    clone.write(FILE, manifest);
    start = Date.now();
    commit = await clone.push('Bring Gitea back');
    tell('git', `${FILE} is back, pushed as ${commit}`);
    const [pod] = await until('a Ready pod of Gitea', async () => {
      const ready = (await cluster.pods('gitea')).filter(isReady);
      return ready.length > 0 && ready;
    });
    promise(isSame(before, await claimOf(cluster)), 'Gitea has another claim than before');
    tell('kubernetes', `${pod!.metadata.name} is Ready after ${since(start)}, with the same claim and volume`);
  },
};

function claimOf(cluster: ClusterView): Promise<Claim | undefined> {
  return cluster.inTools<Claim>('v1/persistentvolumeclaims/gitea-data');
}

function isSame(before: Claim, after: Claim | undefined): boolean {
  const isThere = after !== undefined && after.metadata.deletionTimestamp === undefined;
  return isThere && after.metadata.uid === before.metadata.uid && after.spec.volumeName === before.spec.volumeName;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isReady } from '../cluster-view';
import { promise, since, type Operation } from '../operation';

const PAGE = join(__dirname, '../../../docs/layers.md');
export const NEW_APPLICATION = 'k8s/03-apps/mon-app.yaml';
const TRACKING = 'argocd.argoproj.io/tracking-id';

export const newApplication: Operation = {
  title: 'Add an application',
  page: 'layers.md',
  run: async ({ clone, cluster, tell, until, untilHealthy }) => {
    clone.write(NEW_APPLICATION, documentedApplication());
    const start = Date.now();
    const commit = await clone.push('Add mon-app');
    tell('git', `${NEW_APPLICATION}, as in docs/layers.md, pushed as ${commit}`);
    const [pod] = await until('a Ready pod of mon-app', async () => {
      const ready = (await cluster.pods('mon-app')).filter(isReady);
      return ready.length > 0 && ready;
    });
    tell('kubernetes', `${pod!.metadata.name} is Ready after ${since(start)}`);
    const deployment = await cluster.inTools<{ metadata: { annotations: Record<string, string> } }>(
      'apps/v1/deployments/mon-app',
    );
    const tracking = deployment?.metadata.annotations[TRACKING] ?? '';
    promise(tracking.startsWith('layer-03-apps:'), `mon-app does not belong to layer-03-apps but to "${tracking}"`);
    await untilHealthy(commit);
    tell('argo cd', 'layer-03-apps owns it, and is Synced and Healthy');
  },
};

/** The sample of the page: what people copy is what is tried. */
export function documentedApplication(): string {
  const sample = /## A new application\n[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readFileSync(PAGE, 'utf8'))?.[1];
  if (sample === undefined) throw new Error(`${PAGE} has no sample of a new application`);
  return sample;
}

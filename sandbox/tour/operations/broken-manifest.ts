import { isReady, type Application } from '../cluster-view';
import { promise, since, type Operation } from '../operation';
import type { Tour } from '../tour';

const PAGE = 'k8s/03-apps/nginx-front.yaml';
const QUOTA = 'k8s/01-init/quota.yaml';
const LAYER = 'k8s/layers/layer-03-apps.yaml';
const LABEL = 'forge-tour';

export const brokenManifest: Operation = {
  title: 'Push a broken manifest, and repair it',
  page: 'troubleshooting.md',
  run: async (tour) => {
    await breakLayer(tour);
    await breakEarlyLayer(tour);
  },
};

async function breakLayer(tour: Tour): Promise<void> {
  const { clone, cluster, tell, untilHealthy } = tour;
  const manifest = clone.read(PAGE);
  clone.edit(PAGE, (text) => text.replace('kind: Deployment', 'kind: Deployment: oops'));
  tell('git', `${PAGE} is no YAML any more, pushed as ${await clone.push('Break the front page')}`);
  tell('forge status', await statusNaming(tour, 'nginx-front.yaml'));
  const others = (await cluster.applications()).filter(({ metadata }) => /^layer-0[012]-/.test(metadata.name));
  const healthy = others.filter(
    ({ status }) => status?.sync?.status === 'Synced' && status.health?.status === 'Healthy',
  );
  promise(healthy.length === 3, 'Another layer stopped, too');
  promise((await cluster.pods('nginx-front')).some(isReady), 'The front page does not run any more');
  tell('kubernetes', 'the other layers are Synced and Healthy, and the old front page runs on');
  clone.write(PAGE, manifest);
  const start = Date.now();
  await untilHealthy(await clone.push('Repair the front page'));
  tell('argo cd', `a good push heals it after ${since(start)}, with nothing else to do`);
}

async function breakEarlyLayer(tour: Tour): Promise<void> {
  const { clone, tell, until, untilHealthy } = tour;
  const quota = clone.read(QUOTA);
  clone.edit(QUOTA, (text) => text.replace("pods: '40'", "pods: '-40'"));
  clone.edit(LAYER, (text) => text.replace('metadata:\n', `metadata:\n  labels:\n    ${LABEL}: waits\n`));
  tell(
    'git',
    `${QUOTA} is refused by the API, and ${LAYER} changes, pushed as ${await clone.push('Break an early layer')}`,
  );
  tell('forge status', await statusNaming(tour, 'quota.yaml'));
  const waiting = await until('the root application waits for layer-01-init', async () => {
    const message = (await application(tour, 'root'))?.status?.operationState?.message;
    return message?.includes('layer-01-init') && message;
  });
  tell('argo cd', `root: ${waiting}`);
  const last = await application(tour, 'layer-03-apps');
  promise(last?.metadata.labels?.[LABEL] === undefined, 'layer-03-apps did not wait');
  tell('argo cd', 'layer-03-apps keeps what it was');
  clone.write(QUOTA, quota);
  const start = Date.now();
  await untilHealthy(await clone.push('Repair the early layer'));
  tell('argo cd', `a good push heals both after ${since(start)}`);
}

async function application({ cluster }: Tour, name: string): Promise<Application | undefined> {
  return (await cluster.applications()).find(({ metadata }) => metadata.name === name);
}

/** Waits until `forge status` fails and says so. @returns its line */
function statusNaming({ forge, until }: Tour, text: string): Promise<string> {
  return until(`forge status says "${text}"`, async () => {
    const answer = await forge(['status']);
    return (
      answer.code === 1 &&
      answer.text
        .split('\n')
        .find((line) => line.includes(text))
        ?.trim()
    );
  });
}

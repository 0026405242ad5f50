import { join } from 'node:path';
import { stringify } from 'yaml';
import { argoCdValues } from '#stacks/cluster/argocd-values';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { renderChart, standInManifests, type ChartSource } from '../sandbox/standins/stand-in-manifests';
import { layerManifests, ofKind, type Json } from './manifests';
import { startRealApi, type RealApi } from './real-api';
import { traefikView, type TraefikView } from './traefik-view';

jest.setTimeout(180_000);

/** A workload with two replicas, and the Service by which requests come to it. */
interface Served {
  readonly name: string;
  readonly objects: readonly Json[];
}

function fromLayers(name: string, service: string): Served {
  const wanted = layerManifests.filter(
    ({ body: { kind, metadata } }) =>
      (['Deployment', 'StatefulSet'].includes(kind) && metadata.name === name) ||
      (kind === 'Service' && metadata.name === service),
  );
  return { name, objects: wanted.map(({ body }) => structuredClone(body)) };
}

/** Nothing mounts volumes here. */
function withoutClaims({ name, objects }: Served): Served {
  for (const { spec } of objects.filter(({ kind }) => kind === 'StatefulSet')) {
    spec.template.spec.volumes.push(
      ...spec.volumeClaimTemplates.map(({ metadata }: Json) => ({ name: metadata.name })),
    );
    delete spec.volumeClaimTemplates;
  }
  return { name, objects };
}

async function traefik(): Promise<Served> {
  const { source } = ofKind('Application').find(({ body }) => body['metadata'].name === 'traefik')!.body['spec'];
  const objects = await standInManifests(source as ChartSource);
  return { name: 'traefik', objects: objects.filter(({ kind }) => ['Deployment', 'Service'].includes(kind)) };
}

async function argoCdServer(): Promise<Served> {
  const chart = join(__dirname, '../../sandbox/argocd/charts/argo-cd');
  const objects = await renderChart(chart, 'argocd', argoCdValues({ domain: 'forge.example.org' }));
  const name = 'argocd-server';
  const wanted = objects.filter(({ metadata }) => metadata.name === name);
  return { name, objects: wanted.map((one) => ({ ...one, metadata: { ...one['metadata'], namespace: 'argocd' } })) };
}

// Two things that only a real machine shows: that the programs answer during the sleep, and how long a rule of
// kube-proxy takes (measured on real k3s: with 8 s, 491 of 491 requests during a rollout were answered).
describe('a rollout and a drain', () => {
  let api: RealApi;
  let kubectl: Awaited<ReturnType<RealApi['as']>>;
  let served: readonly { readonly view: TraefikView; readonly name: string; readonly body: Json }[];

  const run = async (args: readonly string[], input?: string) => {
    const { code, stdout, stderr } = await kubectl(args, input);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };

  async function serve({ name, objects }: Served) {
    const body = objects.find(({ kind }) => kind !== 'Service')!;
    const service = objects.find(({ kind }) => kind === 'Service')!;
    body['spec'].replicas = 2;
    delete body['spec'].template.spec.serviceAccountName;
    await run(['apply', '--server-side', '-f', '-'], objects.map((object) => stringify(object)).join('---\n'));
    const view = traefikView(api.endpoint, service['metadata'].namespace, service['metadata'].name);
    return { view, name, body };
  }

  beforeAll(async () => {
    api = await startRealApi();
    kubectl = await api.as('system:masters');
    for (const namespace of ['rt', 'traefik', 'argocd']) await run(['create', 'namespace', namespace]);
    const apps = [
      fromLayers('nginx-front', 'nginx-svc'),
      withoutClaims(fromLayers('jenkins', 'jenkins-svc')),
      await traefik(),
      await argoCdServer(),
    ];
    served = await Promise.all(apps.map(serve));
  });

  beforeEach(() => eventually(() => served.every(({ view }) => view.targets().size === 2)));

  afterAll(() => Promise.all(served.map(({ view }) => view.stop())));

  const lost = () => Object.fromEntries(served.map(({ name, view }) => [name, view.lost]));
  const none = { 'nginx-front': [], jenkins: [], traefik: [], 'argocd-server': [] };

  it('lose no request where two replicas run', async () => {
    await Promise.all(
      served.map(async ({ body: { kind, metadata } }) => {
        const object = `${kind}/${metadata.name}`;
        await run(['rollout', 'restart', object, '-n', metadata.namespace]);
        await run(['rollout', 'status', object, '-n', metadata.namespace]);
      }),
    );
    await eventually(async () => !(await run(['get', 'pods', '-A'])).includes('Terminating'));
    expect(lost()).toEqual(none);
  });

  it('lose none when it is a node that goes', async () => {
    const workers = await run(['get', 'nodes', '-l', '!node-role.kubernetes.io/control-plane', '-o', 'name']);
    await run(['drain', workers.split('\n')[0]!, '--ignore-daemonsets', '--delete-emptydir-data']);
    expect(lost()).toEqual(none);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { kubernetesClient, type KubernetesClient } from '../../../cli/kubernetes/client';
import { manifestDocuments } from '../../../cli/kubernetes/manifest-documents';
import { manifestSearch } from '../../../cli/status/manifest-search';
import { nameOf, type PlatformStatus } from '../../../cli/status/platform-status';
import { readStatus } from '../../../cli/status/read-status';
import { requestRefresh } from '../../../cli/wait/refresh';
import { argoCdCrds } from '../../../sandbox/toolchain/argo-cd-crds';
import { K8S } from '../../k8s/manifests';
import { plot, type Plot } from '../../sandbox/cluster/droplets';
import { pkiFiles } from '../../sandbox/cluster/pki-files';
import {
  endpointOf,
  eventually,
  forwardApi,
  openSandbox,
  type RunningSandbox,
} from '../../sandbox/cluster/running-sandbox';
import { layers } from './objects';

jest.setTimeout(180_000);

const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';
const RT = '/apis/apps/v1/namespaces/rt';
const GROUPS: Record<string, string> = { v1: '/api/v1' };
const PLURALS: Record<string, string> = { Application: 'applications' };

describe('forge status on a real API server', () => {
  let cluster: Plot;
  let sandbox: RunningSandbox;
  let admin: KubernetesClient;
  let operators: KubernetesClient;
  const clients: KubernetesClient[] = [];

  const clientFor = async (organization: string) => {
    const subject = { commonName: 'tester', organization, usages: ['client' as const] };
    const { ca, cert, key } = await endpointOf(cluster, cluster.apiAddress, 6443, subject);
    const access = { clusterCaCertificate: ca, clientCertificate: cert, clientKey: key };
    const client = kubernetesClient({ server: `https://${cluster.apiAddress}:6443`, ...access });
    clients.push(client);
    return client;
  };
  const create = async (object: { apiVersion: string; kind: string; metadata: { namespace?: string } }) => {
    const { apiVersion, kind, metadata } = object;
    const inNamespace = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
    const plural = PLURALS[kind] ?? `${kind.toLowerCase()}s`;
    expect(await admin.create(`${GROUPS[apiVersion] ?? `/apis/${apiVersion}`}${inNamespace}/${plural}`, object)).toBe(
      true,
    );
  };
  const status = (client: KubernetesClient): Promise<PlatformStatus> =>
    readStatus(client, { search: manifestSearch(join(K8S, '..')) });
  const troublesOf = async () =>
    (await status(operators)).troubles.map(({ object, reason, message }) => `${nameOf(object)} ${reason}: ${message}`);

  beforeAll(async () => {
    cluster = plot(await pkiFiles());
    sandbox = await openSandbox();
    await sandbox.runtime.boot(cluster.server(1));
    await sandbox.runtime.boot(cluster.worker(1));
    await forwardApi(sandbox, cluster, 1);
    await sandbox.settled();
    admin = await clientFor('system:masters');
    operators = await clientFor('forge:operators');
    for (const name of ['rt', 'argocd'])
      await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } as never });
    for (const { body } of manifestDocuments(readFileSync(join(K8S, '01-init/operators.yaml'), 'utf8')))
      await create(body as never);
  });

  afterAll(async () => {
    for (const client of clients) client.close();
    await sandbox.close();
  });

  it('sees the nodes, and that Argo CD is not there yet', async () => {
    const { nodes, layers: found, unseen } = await status(admin);
    expect(nodes.map(({ role, ready, version }) => [role, ready, version.startsWith('v1.')])).toEqual([
      ['server', true, true],
      ['worker', true, true],
    ]);
    expect(found.map(({ reasons }) => reasons[0]?.message)).toEqual([
      'Argo CD is not installed: npx cdktf deploy cluster',
    ]);
    expect(unseen).toEqual([]);
  });

  it('is healthy with healthy layers, for the admin and for the operators, who hear what they may not see', async () => {
    const crds = await argoCdCrds({ progress: () => undefined });
    const application = crds.find((path) => path.endsWith('application-crd.yaml'))!;
    await create(parse(readFileSync(application, 'utf8')));
    const applications = layers().map((one) => ({ ...complete(one), metadata: { ...one.metadata } }));
    await eventually(async () => (await admin.get(APPLICATIONS)) !== undefined);
    for (const one of applications) await create(one as never);
    expect(await status(admin)).toMatchObject({ healthy: true, unseen: [] });
    expect(await status(operators)).toMatchObject({ healthy: true, unseen: ['ingresses of argocd'] });
  });

  it('lets the admin ask for a comparison, and the operators not', async () => {
    const applications = layers();
    expect(await requestRefresh(operators, applications)).toBe(false);
    expect(await requestRefresh(admin, applications)).toBe(true);
  });

  it('finds pods that cannot start, with what they belong to', async () => {
    await create(workload('Deployment', 'mon-app', { 'forge.sandbox/fault': 'image-pull' }) as never);
    await eventually(async () =>
      expect(await troublesOf()).toEqual([
        expect.stringMatching(
          /^Pod rt\/mon-app-\S+ (ErrImagePull|ImagePullBackOff): container main, example\.org\/main:1\.0/,
        ),
      ]),
    );
    const { troubles, apps, healthy } = await status(operators);
    expect(troubles[0]?.of).toEqual({ kind: 'Deployment', namespace: 'rt', name: 'mon-app' });
    expect(apps).toMatchObject([{ name: 'mon-app', ready: 0, wanted: 1, healthy: false }]);
    expect(healthy).toBe(false);
    await admin.delete(`${RT}/deployments/mon-app`);
    await eventually(async () => expect(await troublesOf()).toEqual([]));
  });

  it.each(['Deployment', 'StatefulSet'])('tells that the quota refuses the pods of a %s', async (kind) => {
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none', namespace: 'rt' } };
    await create({ ...quota, spec: { hard: { pods: '0' } } } as never);
    const path = '/api/v1/namespaces/rt/resourcequotas/none';
    await eventually(async () => (await admin.get<{ status?: { hard?: object } }>(path))?.status?.hard !== undefined);
    await create(workload(kind, 'mon-app') as never);
    await eventually(async () =>
      expect(await troublesOf()).toEqual([
        expect.stringMatching(new RegExp(`^${kind} rt/mon-app FailedCreate: .*exceeded quota: none`)),
      ]),
    );
    await admin.delete(`${RT}/${kind.toLowerCase()}s/mon-app`);
    await admin.delete(path);
    await eventually(async () => expect(await troublesOf()).toEqual([]));
  });
});

/** With what the definition of an Application requires. */
function complete(one: ReturnType<typeof layers>[number]): object {
  const [startedAt, deployedAt] = ['2026-11-23T11:00:00Z', '2026-11-23T11:00:00Z'];
  const source = { repoURL: 'git@github.com:example/forge.git', ...one.spec?.source };
  const state = one.status?.operationState;
  const { revision } = one.status!.sync!;
  const operationState = {
    ...{ ...state, operation: {}, startedAt },
    syncResult: { resources: [], revision, source },
  };
  const comparedTo = { source, destination: one.spec?.destination };
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
    spec: {
      project: 'forge',
      destination: { ...one.spec?.destination, server: 'https://kubernetes.default.svc' },
      source,
    },
    status: { ...one.status, operationState, sync: { ...one.status?.sync, comparedTo }, reconciledAt: deployedAt },
  };
}

function workload(kind: string, name: string, annotations: Record<string, string> = {}): object {
  const labels = { app: name };
  return {
    ...{ apiVersion: 'apps/v1', kind, metadata: { name, namespace: 'rt' } },
    spec: {
      ...{ replicas: 1, selector: { matchLabels: labels }, ...(kind === 'StatefulSet' && { serviceName: name }) },
      template: {
        metadata: { labels, annotations },
        spec: { containers: [{ name: 'main', image: 'example.org/main:1.0' }] },
      },
    },
  };
}

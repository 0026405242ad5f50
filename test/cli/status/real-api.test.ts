import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { KubernetesClient } from '#clients/kubernetes/client';
import { manifestDocuments } from '#cli/manifests/documents';
import { manifestSearch } from '#cli/status/manifest-search';
import { nameOf, type PlatformStatus } from '#cli/status/platform-status';
import { readStatus } from '#cli/status/read-status';
import { requestRefresh } from '#cli/wait/refresh';
import { issueLeaf } from '#sandbox/cluster/k3s/leaf-certificate';
import { readPki } from '#sandbox/cluster/k3s/pki';
import { argoCdCrds } from '#sandbox/toolchain/argo-cd-crds';
import { K8S } from '#test/k8s/manifests';
import { plot, type Plot } from '#test/sandbox/cluster/droplets';
import { pkiFiles } from '#test/sandbox/cluster/k3s/pki-files';
import {
  accessTo,
  eventually,
  forwardApi,
  openSandbox,
  type RunningSandbox,
} from '#test/sandbox/cluster/running-sandbox';
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

  const clientFor = async (commonName: string, organization: string) => {
    const subject = { commonName, organization, usages: ['client' as const] };
    const client = new KubernetesClient(await accessTo(cluster, cluster.apiAddress, 6443, subject));
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
    admin = await clientFor('tester', 'system:masters');
    operators = await clientFor('forge:operator', 'forge:operators');
    for (const name of ['rt', 'argocd'])
      await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } as never });
    for (const { body } of manifestDocuments(
      'operators.yaml',
      readFileSync(join(K8S, '01-init/operators.yaml'), 'utf8'),
    ))
      await create(body as never);
  });

  afterAll(() => {
    for (const client of clients) client.close();
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

  describe("of k3s' own certificates", () => {
    const AGENT = 'var/lib/rancher/k3s/agent';
    const TLS = 'var/lib/rancher/k3s/server/tls';
    const diskOf = (id: number) => join(sandbox.folder, 'droplets', `${id}`);
    const endOf = (...path: string[]) =>
      new Date(new X509Certificate(readFileSync(join(...path))).validTo).toISOString();
    const firstEndIn = (disk: string, ...folders: string[]) =>
      folders
        .flatMap((folder) => readdirSync(join(disk, folder)).map((name) => join(disk, folder, name)))
        .filter((path) => path.endsWith('.crt'))
        .map((path) => endOf(path))
        .sort()[0];
    const certificate = async (name: string) =>
      (await status(operators)).certificates.find((one) => one.name === name)!;
    /** What a real droplet runs every quarter of an hour. */
    const reportFrom = (disk: string) =>
      promisify(execFile)('bash', [join(disk, 'usr/local/lib/forge/report-certificates.sh')], {
        env: { PATH: process.env['PATH'], FORGE_ROOT: disk },
      });

    it('shows the end of the API server’s and of the first on each node, also to the operators', async () => {
      expect(await certificate('API server')).toMatchObject({
        expiresAt: endOf(diskOf(1001), TLS, 'serving-kube-apiserver.crt'),
        valid: true,
      });
      expect((await certificate('k3s on forge-test-server-1-1001')).expiresAt).toBe(
        firstEndIn(diskOf(1001), AGENT, TLS, `${TLS}/etcd`),
      );
      expect((await certificate('k3s on forge-test-main-g1-1-1051')).expiresAt).toBe(firstEndIn(diskOf(1051), AGENT));
    });

    it('hears from the machine’s real script, with the kubelet’s rights, of one that is about to end', async () => {
      const { authorities } = readPki((path) => Buffer.from(cluster.pki.find((file) => file.path === path)!.pem));
      const leaf = { commonName: 'system:kube-proxy', usages: ['client' as const], days: 12.5 };
      const file = join(diskOf(1051), AGENT, 'client-kube-proxy.crt');
      writeFileSync(file, (await issueLeaf(authorities['client-ca'], leaf)).certificate);
      await reportFrom(diskOf(1051));
      const late = await status(operators);
      expect(late.healthy).toBe(false);
      expect(late.warnings).toEqual([expect.stringContaining('"k3s on forge-test-main-g1-1-1051"')]);
      writeFileSync(file, (await issueLeaf(authorities['client-ca'], { ...leaf, days: 365 })).certificate);
      await reportFrom(diskOf(1051));
      expect((await certificate('k3s on forge-test-main-g1-1-1051')).problem).toBeUndefined();
    });

    it('lets no node tell for another', async () => {
      const settings = join(diskOf(1051), 'etc/rancher/k3s/config.yaml.d/10-node.yaml');
      const own = readFileSync(settings, 'utf8');
      writeFileSync(settings, 'node-name: forge-test-server-1-1001\n');
      await expect(reportFrom(diskOf(1051))).rejects.toThrow('The requested URL returned error: 403');
      writeFileSync(settings, own);
    });
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
    ...state,
    operation: {},
    startedAt,
    syncResult: { resources: [], revision, source },
  };
  const comparedTo = { source, destination: one.spec?.destination };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
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
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'rt' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      ...(kind === 'StatefulSet' && { serviceName: name }),
      template: {
        metadata: { labels, annotations },
        spec: { containers: [{ name: 'main', image: 'example.org/main:1.0' }] },
      },
    },
  };
}

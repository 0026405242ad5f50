import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { issueClientCertificate } from '#clients/kubernetes/client-certificate';
import { configure } from '#cli/configure/configure';
import { administrator, ADMINISTRATORS_GROUP, OPERATORS_GROUP } from '#config/people';
import { kubectlWith, type Kubectl } from '../sandbox/cluster/kubectl';
import { sampleConfig } from '../stacks/sample';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { K8S } from './manifests';
import { startRealApi, type RealApi } from './real-api';

jest.setTimeout(180_000);

const DAY_MS = 86_400_000;
const RIGHTS = ['01-init/administrator.yaml', '01-init/operators.yaml', '01-init/operators-backup.yaml'];

describe('people, to a real API server', () => {
  let api: RealApi;
  let admin: Kubectl;
  let argoCd: Kubectl;
  let adminClient: KubernetesClient;
  let alice: KubernetesAccess;

  const people = (names: readonly string[], adminCertificate = 1) => ({
    ...sampleConfig,
    operators: names.map((name) => ({ name, ageRecipient: '' })),
    rotation: { ...sampleConfig.rotation, adminCertificate },
  });
  const as = (access: KubernetesAccess, name: string) => kubectlWith(access, join(api.folder, name));
  const mayListPods = async (kubectl: Kubectl) =>
    (await kubectl(['auth', 'can-i', 'list', 'pods', '-n', 'rt'])).stdout.trim();

  /** What `forge configure` makes of the manifests, as Argo CD applies it. */
  async function follow(config: ReturnType<typeof people>): Promise<void> {
    const files = new Map(RIGHTS.map((file) => [file, readFileSync(join(K8S, file), 'utf8')]));
    const text = [...configure(config, files).files.values()].join('---\n');
    const { code, stderr } = await argoCd(['apply', '--server-side', '--force-conflicts', '-f', '-'], text);
    expect([code, stderr]).toEqual([0, '']);
  }

  beforeAll(async () => {
    api = await startRealApi();
    const first = await api.certified(administrator(people([])), ADMINISTRATORS_GROUP);
    [admin, argoCd] = [await as(first, 'admin'), await api.as('system:masters')];
    adminClient = new KubernetesClient(first);
    for (const name of ['rt', 'argocd']) await admin(['create', 'namespace', name]);
    await follow(people(['alice', 'bob']));
    const issued = await issueClientCertificate(adminClient, { user: 'alice', group: OPERATORS_GROUP }, 30);
    alice = { ...first, ...issued };
  });
  afterAll(() => adminClient?.close());

  it('knows an administrator from its founding on, who is no member of system:masters', async () => {
    const { stdout } = await admin(['auth', 'whoami', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      status: { userInfo: { username: 'forge:admin-1', groups: [ADMINISTRATORS_GROUP, 'system:authenticated'] } },
    });
    expect((await admin(['auth', 'can-i', '*', '*', '--all-namespaces'])).stdout.trim()).toBe('yes');
  });

  it('signs a certificate for an operator, with the name, for the days that were asked for', async () => {
    const { subject, validTo } = new X509Certificate(alice.clientCertificate);
    expect(subject).toBe('O=forge:operators\nCN=alice');
    const days = (new Date(validTo).getTime() - Date.now()) / DAY_MS;
    expect(Math.round(days)).toBe(30);
    const kubectl = await as(alice, 'alice');
    expect(await mayListPods(kubectl)).toBe('yes');
    expect((await kubectl(['get', 'secrets', '-n', 'rt'])).stderr).toContain('User "alice" cannot list');
  });

  it('names the person in the audit log', async () => {
    const name = 'asked-by-alice';
    await (
      await as(alice, 'alice')
    )(['get', 'pod', name, '-n', 'rt']);
    await eventually(() => {
      const lines = api
        .auditLog()
        .split('\n')
        .filter((line) => line.includes(name));
      const users = lines.map((line) => (JSON.parse(line) as { user: { username: string } }).user.username);
      expect(new Set(users)).toEqual(new Set(['alice']));
    });
  });

  it('lets nobody ask for the rights of system:masters', async () => {
    const refused = issueClientCertificate(adminClient, { user: 'mallory', group: 'system:masters' }, 1);
    await expect(refused).rejects.toThrow('system:masters');
  });

  it('lets no operator sign certificates', async () => {
    const kubectl = await as(alice, 'alice');
    const { code, stderr } = await kubectl(
      ['create', '-f', '-'],
      stringify({
        apiVersion: 'certificates.k8s.io/v1',
        kind: 'CertificateSigningRequest',
        metadata: { name: 'mine' },
        spec: { request: '', signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
      }),
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('forbidden')]);
  });

  it('has no rights for a leaver from the moment on in which the list is applied', async () => {
    await follow(people(['bob']));
    const kubectl = await as(alice, 'alice');
    await eventually(async () => expect(await mayListPods(kubectl)).toBe('no'));
  });

  it('ends the certificate of the administrator when there is another generation', async () => {
    const second = await as(await api.certified('forge:admin-2', ADMINISTRATORS_GROUP), 'admin-2');
    await follow(people(['bob'], 2));
    await eventually(async () =>
      expect((await admin(['auth', 'can-i', 'get', 'pods', '-n', 'rt'])).stdout.trim()).toBe('no'),
    );
    expect((await second(['auth', 'can-i', '*', '*', '--all-namespaces'])).stdout.trim()).toBe('yes');
  });
});

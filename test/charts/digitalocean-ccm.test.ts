import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';

const CHART = join(__dirname, '../../charts/digitalocean-ccm');

describe('the chart of the cloud controller manager', () => {
  let objects: any[];
  let helm: string;
  const render = (...values: string[]) =>
    execFileSync(helm, ['template', 'ccm', CHART, '--namespace', 'kube-system', ...values], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const find = (kind: string) => objects.find((object) => object.kind === kind);

  beforeAll(async () => {
    ({ helm } = await ensureSandboxTools(() => undefined));
    objects = parseAllDocuments(render('--set', 'region=fra1,clusterVpcId=vpc-1')).map((document) => document.toJS());
  });

  it('installs the pinned version', () => {
    const { appVersion } = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as { appVersion: string };
    const [container] = find('Deployment').spec.template.spec.containers;
    expect(container.image).toBe(`digitalocean/digitalocean-cloud-controller-manager:${appVersion}`);
    expect(appVersion).toBe('v0.1.68');
  });

  it('knows region and VPC, takes the token from the secret, and opens no port on the node', () => {
    const [container] = find('Deployment').spec.template.spec.containers;
    const env = Object.fromEntries(container.env.map(({ name, ...value }: { name: string }) => [name, value]));
    expect(env.REGION.value).toBe('fra1');
    expect(env.DO_CLUSTER_VPC_ID.value).toBe('vpc-1');
    expect(env.METRICS_ADDR.value).toMatch(/^127\.0\.0\.1:/);
    expect(env.DO_ACCESS_TOKEN.valueFrom.secretKeyRef).toEqual({ name: 'digitalocean', key: 'access-token' });
    expect(container.command).toContain('--bind-address=127.0.0.1');
  });

  it('starts again with another revision of the token, which is read at the start only', () => {
    const annotationsWith = (...values: string[]) => {
      const documents = parseAllDocuments(render('--set', 'region=fra1,clusterVpcId=vpc-1', ...values));
      const deployment = documents.map((document) => document.toJS()).find(({ kind }) => kind === 'Deployment');
      return deployment.spec.template.metadata.annotations as object;
    };
    expect(annotationsWith('--set', 'tokenRevision=1048576')).toEqual({ 'forge/token-revision': '1048576' });
    expect(annotationsWith()).not.toEqual(annotationsWith('--set', 'tokenRevision=1'));
  });

  it('runs before a node is initialised, on the servers', () => {
    const { tolerations, nodeSelector, hostNetwork } = find('Deployment').spec.template.spec;
    expect(hostNetwork).toBe(true);
    expect(nodeSelector).toEqual({ 'node-role.kubernetes.io/control-plane': 'true' });
    expect(tolerations.map(({ key }: { key: string }) => key)).toEqual([
      'node.cloudprovider.kubernetes.io/uninitialized',
      'node-role.kubernetes.io/control-plane',
      'CriticalAddonsOnly',
      'node.kubernetes.io/not-ready',
      'node.kubernetes.io/unreachable',
    ]);
  });

  it('leaves a dead server after 30 seconds', () => {
    const { tolerations } = find('Deployment').spec.template.spec;
    for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
      const leaves = { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 };
      expect(tolerations).toContainEqual(leaves);
    }
  });

  it('runs without privileges, with requests and a limit', () => {
    const { securityContext, containers } = find('Deployment').spec.template.spec;
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(Object.keys(containers[0].resources)).toEqual(['limits', 'requests']);
  });

  /** What the released manifest of v0.1.68 grants. */
  const RELEASED: Record<string, string[]> = {
    leases: ['get', 'watch', 'list', 'create', 'update', 'delete'],
    events: ['create', 'patch', 'update'],
    nodes: ['*'],
    'nodes/status': ['patch'],
    services: ['list', 'patch', 'update', 'watch'],
    'services/status': ['list', 'patch', 'update', 'watch'],
    serviceaccounts: ['create'],
    persistentvolumes: ['get', 'list', 'update', 'watch'],
    endpoints: ['create', 'get', 'list', 'watch', 'update'],
  };

  it('has no right that the released manifest does not have', () => {
    for (const { resources, verbs } of find('ClusterRole').rules as { resources: string[]; verbs: string[] }[]) {
      for (const resource of resources) expect(RELEASED[resource]).toEqual(expect.arrayContaining(verbs));
    }
  });

  it('refuses to be installed without region and VPC', () => {
    expect(() => render()).toThrow(/region|clusterVpcId/);
  });
});

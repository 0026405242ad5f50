import { join } from 'node:path';
import { stringify } from 'yaml';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { componentManifests, K8S, type Json } from './manifests';
import { defineKinds, startRealApi, type RealApi } from './real-api';

jest.setTimeout(180_000);

const LOCK = 'weave.works/kured-node-lock';
const ACCOUNT = 'system:serviceaccount:kured:kured';

describe('a reboot for a security update', () => {
  let api: RealApi;
  let kubectl: Awaited<ReturnType<RealApi['as']>>;

  const apply = (object: Json) =>
    kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], stringify(object));
  const application = (name: string, health: string) =>
    apply({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: 'argocd' },
      spec: { project: 'init', destination: {}, source: { repoURL: 'git@github.com:example/forge.git' } },
      status: { health: { status: health } },
    });
  /** As kured does it for a machine. */
  const annotate = (value: string) =>
    kubectl(['annotate', 'daemonset', 'kured', '-n', 'kured', '--overwrite', value, `--as=${ACCOUNT}`]);
  const begin = (machine: string) => annotate(`${LOCK}={"nodeID":"${machine}"}`);
  const end = () => annotate(`${LOCK}-`);
  const refused = async (reason: string) => {
    await eventually(async () => {
      const { code, stderr } = await begin('server-1');
      if (code === 0) await end();
      expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
    });
  };
  const admitted = () => eventually(async () => expect(await begin('server-1')).toMatchObject({ code: 0 }));

  beforeAll(async () => {
    api = await startRealApi();
    kubectl = await api.as('system:masters');
    await defineKinds(kubectl);
    await application('layer-03-apps', 'Healthy');
    await application('traefik', 'Healthy');
    await kubectl(['apply', '--server-side', '-f', join(K8S, 'components/system-upgrade-controller/plans.yaml')]);
    const { code, stderr } = await kubectl(['apply', '--server-side', '-f', join(K8S, 'components/kured')]);
    expect([code, stderr]).toEqual([0, '']);
    // To annotate is a PATCH for kubectl; kured itself sends the whole object (UPDATE).
    await apply({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'patch', namespace: 'kured' },
      rules: [{ apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['get', 'patch'] }],
    });
    await kubectl(['create', 'rolebinding', 'patch', '-n', 'kured', '--role=patch', '--serviceaccount=kured:kured']);
  });
  afterEach(() => end());

  it('begins when all is well, and its end is never refused', async () => {
    await application('layer-03-apps', 'Degraded');
    await refused('no reboot now: layer-03-apps is not Healthy');
    await application('layer-03-apps', 'Healthy');
    await admitted();
    await application('layer-03-apps', 'Degraded');
    expect(await end()).toMatchObject({ code: 0 });
    await application('layer-03-apps', 'Healthy');
  });

  it('waits for an add-on that is not Healthy', async () => {
    await application('traefik', 'Progressing');
    await refused('no reboot now: traefik is not Healthy');
    await application('traefik', 'Healthy');
    await admitted();
  });

  it('waits for an upgrade of k3s', async () => {
    const applying = (nodes: string[]) =>
      kubectl([
        ...['patch', 'plan', 'k3s-server', '-n', 'system-upgrade', '--subresource=status', '--type=merge'],
        `--patch=${JSON.stringify({ status: { applying: nodes } })}`,
      ]);
    expect(await applying(['server-1'])).toMatchObject({ code: 0 });
    await refused('no reboot now: k3s is upgraded by the plan k3s-server');
    await applying([]);
    await admitted();
  });

  it.each([
    ['update', 'daemonsets/kured', 'kured', 'yes'],
    ['create', 'pods --subresource=eviction', 'rt', 'yes'],
    ['patch', 'nodes', 'kured', 'yes'],
    ['update', 'daemonsets/kured', 'kube-system', 'no'],
    ['get', 'secrets', 'kured', 'no'],
    ['create', 'pods', 'kured', 'no'],
  ])('gives kured no more than it needs: %s %s in %s: %s', async (verb, what, namespace, answer) => {
    const asked = ['auth', 'can-i', verb, ...what.split(' '), '-n', namespace, `--as=${ACCOUNT}`];
    expect((await kubectl(asked)).stdout.trim()).toBe(answer);
  });
});

it('is left to programs that hold no privilege but to signal', () => {
  const { body } = componentManifests.find(({ id }) => id === 'DaemonSet kured kured')!;
  const [container] = body['spec'].template.spec.containers;
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], add: ['KILL'] },
  });
  expect(container.args).not.toContainEqual(expect.stringContaining('force-reboot'));
});

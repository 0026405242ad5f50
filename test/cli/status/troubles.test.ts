import { manifestSearch } from '#cli/status/manifest-search';
import { nameOf } from '#cli/status/platform-status';
import { platformStatus } from '#cli/status/read-status';
import type { Snapshot } from '#cli/status/snapshot';
import { ingress, job, node, NOW, pod, snapshot, waiting, warning, workload } from './objects';

const status = (changes: Partial<Snapshot>) =>
  platformStatus(snapshot(changes), 'https://127.0.0.1:6443', { search: manifestSearch('/nonexistent'), now: NOW });

/** Every trouble as a line. */
function troubles(changes: Partial<Snapshot>): string[] {
  const { troubles: found, healthy } = status(changes);
  expect(healthy).toBe(found.length === 0);
  return found.map(({ object, reason, message }) => `${nameOf(object)} ${reason}: ${message}`);
}

const ofJenkins = { kind: 'StatefulSet', name: 'jenkins' };

describe('the apps in forge status', () => {
  it.each([
    ['as many Ready as wanted', {}, '1/1', true],
    ['one of three Ready', { wanted: 3, ready: 1 }, '1/3', false],
    ['enough Ready, but of the old template', { wanted: 2, updated: 1 }, '2/2', false],
    ['none wanted', { wanted: 0 }, '0/0', true],
  ])('%s', (_, shape, counts, healthy) => {
    const { apps } = status({ deployments: [workload('nginx', shape)], statefulSets: [] });
    expect(apps.map((app) => [`${app.ready}/${app.wanted}`, app.healthy])).toEqual([[counts, healthy]]);
  });

  it('are not healthy before their controller has seen the change', () => {
    const old = workload('nginx');
    const { apps } = status({ deployments: [{ ...old, metadata: { ...old.metadata, generation: 3 } }] });
    expect(apps.find(({ name }) => name === 'nginx')?.healthy).toBe(false);
  });
});

describe('what is in trouble', () => {
  it('is nothing in a healthy cluster', () => expect(troubles({})).toEqual([]));

  it.each([
    [
      'an image that cannot be pulled',
      pod('gitea-6d4b-x1', { container: waiting('ImagePullBackOff', 'Back-off pulling image') }),
      'Pod rt/gitea-6d4b-x1 ImagePullBackOff: container gitea, example.org/gitea:1.0: Back-off pulling image',
    ],
    [
      'a crash loop with how it ended',
      pod('gitea-6d4b-x1', {
        container: {
          ...waiting('CrashLoopBackOff'),
          restartCount: 5,
          lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
        },
      }),
      'Pod rt/gitea-6d4b-x1 CrashLoopBackOff: container gitea, ended with code 137 (OOMKilled), restarted 5 times',
    ],
    [
      'a missing secret',
      pod('gitea-6d4b-x1', { container: waiting('CreateContainerConfigError', 'secret "postgres-secret" not found') }),
      'Pod rt/gitea-6d4b-x1 CreateContainerConfigError: container gitea: secret "postgres-secret" not found',
    ],
    [
      'an init container that fails',
      pod('gitea-6d4b-x1', { initContainer: waiting('CrashLoopBackOff') }),
      'Pod rt/gitea-6d4b-x1 CrashLoopBackOff: container gitea',
    ],
    [
      'a pod that fits no node',
      pod('jenkins-0', {
        of: ofJenkins,
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
      }),
      'Pod rt/jenkins-0 Unschedulable: 0/3 nodes',
    ],
    [
      'an evicted pod',
      pod('jenkins-0', { of: ofJenkins, phase: 'Failed', reason: 'Evicted' }),
      'Pod rt/jenkins-0 Evicted: the pod ended',
    ],
  ])('is %s', (_, object, line) => expect(troubles({ pods: [object] })).toEqual([line]));

  it.each([
    ['starts', pod('gitea-6d4b-x1', { container: waiting('ContainerCreating') })],
    [
      'is of a Job that tells its failure itself',
      pod('dump-0', { of: { kind: 'Job', name: 'dump' }, phase: 'Failed' }),
    ],
    ['has done its work', pod('dump-1', { of: { kind: 'Job', name: 'dump' }, phase: 'Succeeded' })],
  ])('is no pod that %s', (_, object) => expect(troubles({ pods: [object] })).toEqual([]));

  it('is a pod that is not Ready and of which the cluster complains, with the newest complaint', () => {
    const pods = [pod('gitea-6d4b-x1', { container: {} })];
    const events = [
      warning('Pod', 'gitea-6d4b-x1', 'Unhealthy', 'probe failed: 503', '11:50'),
      warning('Pod', 'gitea-6d4b-x1', 'FailedMount', 'not attached', '11:40'),
      warning('Pod', 'another', 'Unhealthy', 'no', '11:55'),
    ];
    expect(troubles({ pods, events })).toEqual(['Pod rt/gitea-6d4b-x1 Unhealthy: probe failed: 503']);
  });

  const quota = 'pods "x" is forbidden: exceeded quota: rt';

  it('is a Deployment whose pods the quota refuses', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: quota }];
    const deployments = [workload('nginx', { conditions })];
    expect(troubles({ deployments })).toEqual([`Deployment rt/nginx FailedCreate: ${quota}`]);
  });

  it('is a StatefulSet whose pods the quota refuses, as long as they are missing', () => {
    const events = [warning('StatefulSet', 'jenkins', 'FailedCreate', quota)];
    expect(troubles({ statefulSets: [workload('jenkins', { wanted: 3, ready: 1 })], events })).toEqual([
      `StatefulSet rt/jenkins FailedCreate: ${quota}`,
    ]);
    expect(troubles({ statefulSets: [workload('jenkins')], events })).toEqual([]);
  });

  it('is a nightly job that failed, until the next one succeeds', () => {
    const failed = job('tidy-1', { failed: true });
    expect(troubles({ jobs: [failed] })).toEqual(['Job rt/tidy-1 BackoffLimitExceeded: Job has reached the limit']);
    expect(troubles({ jobs: [failed, job('tidy-2', { at: '02:00' })] })).toEqual([]);
  });

  it('is a claim without a volume', () => {
    const claims = [{ metadata: { name: 'gitea-data', namespace: 'rt' }, status: { phase: 'Pending' } }];
    const events = [warning('PersistentVolumeClaim', 'gitea-data', 'ProvisioningFailed', 'volume limit reached')];
    expect(troubles({ claims, events })).toEqual([
      'PersistentVolumeClaim rt/gitea-data ProvisioningFailed: volume limit reached',
    ]);
  });

  it('is an Ingress without an address', () => {
    expect(troubles({ ingresses: [ingress('gitea', '')] })).toEqual([
      'Ingress rt/gitea NoAddress: the ingress controller has not taken it up',
    ]);
  });
});

describe('the nodes in forge status', () => {
  it('are servers, then workers, with version and state', () => {
    const nodes = [node('forge-general-1'), node('forge-server-1', { cordoned: true })];
    expect(status({ nodes }).nodes.map(({ name, role, cordoned }) => [name, role, cordoned])).toEqual([
      ['forge-server-1', 'server', true],
      ['forge-general-1', 'worker', false],
    ]);
  });

  it.each([
    ['not Ready', node('w', { ready: false, message: 'Kubelet stopped posting' }), 'Kubelet stopped posting'],
    ['short of disk', node('w', { pressure: 'DiskPressure' }), 'DiskPressure: nearly full'],
  ])('make the platform unhealthy when one is %s', (_, one, problem) => {
    const { nodes, healthy } = status({ nodes: [node('v'), one] });
    expect([nodes[1]?.problem, healthy]).toEqual([problem, false]);
  });

  it('are missed when there are none', () => {
    expect(status({ nodes: [] }).healthy).toBe(false);
    expect(status({ nodes: [], unseen: ['nodes'] }).healthy).toBe(true);
  });
});

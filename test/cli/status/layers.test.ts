import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeBlocking } from '#cli/status/describe';
import { manifestSearch } from '#cli/status/manifest-search';
import { platformStatus } from '#cli/status/read-status';
import type { PlatformStatus } from '#cli/status/platform-status';
import type { Snapshot } from '#cli/status/snapshot';
import { newFolder } from '#test/new-folder';
import { application, layers, LAYERS, NOW, pod, resource, snapshot, waiting, workload } from './objects';

const JENKINS = `apiVersion: v1
kind: Service
metadata:
  name: jenkins-svc
  namespace: rt
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: jenkins-agents
  namespace: rt
---
# The tool.
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: jenkins
  namespace: rt
`;

describe('the layers in forge status', () => {
  let checkout: string;

  beforeAll(() => {
    checkout = newFolder('status');
    mkdirSync(join(checkout, 'k8s/03-apps/more'), { recursive: true });
    writeFileSync(join(checkout, 'k8s/03-apps/jenkins.yaml'), JENKINS);
    writeFileSync(
      join(checkout, 'k8s/03-apps/twice.yaml'),
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: jenkins }\n',
    );
    writeFileSync(join(checkout, 'k8s/03-apps/broken.yaml'), 'kind: [');
    writeFileSync(join(checkout, 'k8s/03-apps/more/deep.yaml'), 'kind: {');
  });

  const statusOf = (changes: Partial<Snapshot>): PlatformStatus =>
    platformStatus(snapshot(changes), 'https://127.0.0.1:6443', { search: manifestSearch(checkout), now: NOW });
  const blockedBy = (changes: Partial<Snapshot>) => {
    const { blocking } = statusOf(changes);
    return blocking && describeBlocking(blocking);
  };

  it('come in the order of their waves, after the root', () => {
    const last = application('a-later-layer', {
      parent: 'root',
      annotations: { 'argocd.argoproj.io/sync-wave': '4' },
    });
    const { layers: found, healthy } = statusOf({ applications: [last, ...layers().reverse()] });
    expect(found.map(({ name }) => name)).toEqual(['root', ...LAYERS, 'a-later-layer']);
    expect(found.every((layer) => layer.healthy)).toBe(true);
    expect(healthy).toBe(true);
  });

  const refused = {
    sync: 'OutOfSync',
    phase: 'Running',
    message:
      'one or more objects failed to apply, reason: spec.replicas: Invalid value. Retrying attempt #3 at 9:41AM.',
    results: [
      {
        kind: 'Service',
        namespace: 'rt',
        name: 'jenkins-svc',
        status: 'Synced',
        message: 'service/jenkins-svc unchanged',
      },
      {
        kind: 'StatefulSet',
        namespace: 'rt',
        name: 'jenkins',
        status: 'SyncFailed',
        message: 'spec.replicas: Invalid value',
      },
    ],
  };

  it('name the object, file and line of what the API refused', () => {
    expect(blockedBy({ applications: layers({ 'layer-03-apps': refused }) })).toBe(
      'layer-03-apps: StatefulSet rt/jenkins (k8s/03-apps/jenkins.yaml:14): spec.replicas: Invalid value',
    );
  });

  it('say when the failure is that of the commit before', () => {
    const retried = { ...refused, tried: 'b'.repeat(40) };
    expect(blockedBy({ applications: layers({ 'layer-03-apps': retried }) })).toContain(
      'spec.replicas: Invalid value (so at bbbbbbb; a1b2c3d was not tried yet)',
    );
  });

  it('warn of a layer that did not follow the root to its commit', () => {
    const behind = { 'layer-03-apps': { revision: 'c'.repeat(40) } };
    const { warnings, healthy } = statusOf({ applications: layers(behind) });
    expect(warnings).toEqual([expect.stringContaining('layer-03-apps is still at ccccccc, the root at a1b2c3d')]);
    expect(healthy).toBe(true);
  });

  it.each([
    [
      'an object that stands twice in it, with the places',
      'RepeatedResourceWarning',
      'Resource apps/StatefulSet/rt/jenkins appeared 2 times among application resources.',
      'layer-03-apps has StatefulSet rt/jenkins 2 times (k8s/03-apps/jenkins.yaml:14, k8s/03-apps/twice.yaml:1), ' +
        'and Argo CD applies only the last. Leave one',
    ],
    [
      'an object without a namespace that stands twice and is not in this checkout',
      'RepeatedResourceWarning',
      'Resource rbac.authorization.k8s.io/ClusterRole//x:y appeared 3 times among application resources.',
      'layer-03-apps has ClusterRole x:y 3 times, and Argo CD applies only the last. Leave one',
    ],
    [
      'an object of another application',
      'SharedResourceWarning',
      'ConfigMap/x is part of applications argocd/a and b\n',
      'layer-03-apps: SharedResourceWarning: ConfigMap/x is part of applications argocd/a and b',
    ],
    [
      'an excluded object',
      'ExcludedResourceWarning',
      'x is excluded',
      'layer-03-apps: ExcludedResourceWarning: x is excluded',
    ],
    ['objects of nobody', 'OrphanedResourceWarning', '', 'layer-03-apps: OrphanedResourceWarning'],
    ['an error that its health does not show', 'DeletionError', 'x stays', 'layer-03-apps: DeletionError: x stays'],
  ])('warn of %s', (_, type, message, warning) => {
    const { warnings, healthy } = statusOf({
      applications: layers({ 'layer-03-apps': { conditions: [{ type, message }] } }),
    });
    expect([warnings, healthy]).toEqual([[warning], true]);
  });

  it('warn of what a part of a layer says, and name an error of an unhealthy one only as its reason', () => {
    const part = application('traefik', {
      parent: 'layer-00-infra',
      conditions: [{ type: 'OrphanedResourceWarning', message: 'x' }],
    });
    const broken = { sync: 'Unknown', conditions: [{ type: 'ComparisonError', message: 'no' }] };
    const { warnings } = statusOf({ applications: [...layers({ 'layer-03-apps': broken }), part] });
    expect(warnings).toEqual(['traefik: OrphanedResourceWarning: x']);
  });

  it.each([
    ['the folder', 'broken.yaml', 'k8s/03-apps/broken.yaml'],
    ['a folder in it', 'deep.yaml', 'k8s/03-apps/more/deep.yaml'],
    ['nowhere in this checkout', 'other.yaml', 'k8s/03-apps/other.yaml'],
  ])('name the file that is no YAML, which is in %s', (_, name, file) => {
    const message =
      'Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = FailedPrecondition ' +
      `desc = Failed to unmarshal "${name}": yaml: line 3: did not find expected node content`;
    const broken = { sync: 'Unknown', conditions: [{ type: 'ComparisonError', message }] };
    expect(blockedBy({ applications: layers({ 'layer-03-apps': broken }) })).toBe(
      `layer-03-apps: ${file}: ComparisonError: Failed to unmarshal "${name}": yaml: line 3: did not find expected node content`,
    );
  });

  it('tell a failed sync that names no object, without the retries', () => {
    const shared = {
      sync: 'OutOfSync',
      phase: 'Failed',
      message: 'Shared resource found: Service/web is part of layer-02-database (retried 4 times).',
    };
    expect(blockedBy({ applications: layers({ 'layer-03-apps': shared }) })).toBe(
      'layer-03-apps: Shared resource found: Service/web is part of layer-02-database',
    );
  });

  it('tell the pod behind an unhealthy layer, and the file of what it belongs to', () => {
    const changes = {
      applications: layers({
        'layer-03-apps': { health: 'Progressing', resources: [resource('StatefulSet', 'jenkins')] },
      }),
      statefulSets: [workload('jenkins', { ready: 0 })],
      pods: [
        pod('jenkins-0', { of: { kind: 'StatefulSet', name: 'jenkins' }, container: waiting('ImagePullBackOff') }),
      ],
    };
    expect(blockedBy(changes)).toBe(
      'layer-03-apps: StatefulSet rt/jenkins (k8s/03-apps/jenkins.yaml:14): ' +
        'Pod rt/jenkins-0: ImagePullBackOff: container jenkins, example.org/jenkins:1.0',
    );
  });

  it.each([
    [
      'what is not applied yet',
      { sync: 'OutOfSync', resources: [resource('Service', 'a', { status: 'OutOfSync' })] },
      'not applied yet: Service rt/a',
    ],
    [
      'what is to be deleted',
      { sync: 'OutOfSync', resources: [resource('Service', 'a', { status: 'OutOfSync', requiresPruning: true })] },
      'not applied yet: Service rt/a (to be deleted)',
    ],
    [
      'what a sync waits for',
      { sync: 'OutOfSync', phase: 'Running', message: 'waiting for healthy state of apps/StatefulSet/postgres' },
      'waiting for healthy state of apps/StatefulSet/postgres',
    ],
    ['a health that nothing explains', { health: 'Degraded' }, 'sync is Synced, health is Degraded'],
  ])('say %s', (_, shape, message) => {
    expect(blockedBy({ applications: layers({ 'layer-02-database': shape }) })).toBe(`layer-02-database: ${message}`);
  });

  it('say which layer holds those that do not exist yet', () => {
    const resources = LAYERS.map((name, syncWave) =>
      resource('Application', name, { namespace: 'argocd', syncWave, status: syncWave < 2 ? 'Synced' : 'OutOfSync' }),
    );
    const root = {
      sync: 'OutOfSync',
      health: 'Missing',
      phase: 'Running',
      message: 'waiting for healthy state',
      resources,
    };
    const present = layers({
      root,
      'layer-01-init': {
        ...refused,
        results: [{ kind: 'Role', namespace: 'rt', name: 'x', status: 'SyncFailed', message: 'no' }],
      },
    });
    const { layers: found, blocking } = statusOf({ applications: present.slice(0, 3) });
    expect(found.slice(3).map(({ name, waitingFor }) => [name, waitingFor])).toEqual([
      ['layer-02-database', 'layer-01-init'],
      ['layer-03-apps', 'layer-01-init'],
    ]);
    expect(blocking).toMatchObject({ layer: 'layer-01-init', message: 'no' });
  });

  it('blame the part of a layer that is not healthy', () => {
    const changes = {
      applications: [
        ...layers({ 'layer-00-infra': { health: 'Progressing' } }),
        application('traefik', {
          parent: 'layer-00-infra',
          sync: 'Unknown',
          conditions: [{ type: 'ComparisonError', message: 'chart not found' }],
        }),
        application('cert-manager', { parent: 'layer-00-infra' }),
      ],
    };
    expect(blockedBy(changes)).toBe('layer-00-infra: traefik: ComparisonError: chart not found');
  });

  it('blame the root when it cannot read its own folder', () => {
    const root = { sync: 'Unknown', conditions: [{ type: 'ComparisonError', message: 'ssh: handshake failed' }] };
    expect(blockedBy({ applications: layers({ root }).slice(0, 1) })).toBe(
      'root: ComparisonError: ssh: handshake failed',
    );
  });

  it.each([
    [{ applications: [] }, 'root: Argo CD has no root application: npx cdktf deploy cluster'],
    [
      { applications: [], unknown: ['applications' as const] },
      'root: Argo CD is not installed: npx cdktf deploy cluster',
    ],
  ])('say what to do when Argo CD or the root is missing', (changes, message) => {
    expect(blockedBy(changes)).toBe(message);
  });

  it('are not judged by somebody who may not see them', () => {
    const status = statusOf({ applications: [], unseen: ['applications of argocd'] });
    expect([status.layers, status.blocking, status.healthy]).toEqual([[], undefined, true]);
  });

  it('show an Application that no layer brought', () => {
    const { layers: found, healthy } = statusOf({
      applications: [...layers(), application('by-hand', { health: 'Degraded' })],
    });
    expect(found.at(-1)).toMatchObject({ name: 'by-hand', health: 'Degraded' });
    expect(healthy).toBe(false);
  });
});

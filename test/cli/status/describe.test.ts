import { createColors } from 'picocolors';
import { describeFaults, describeStatus } from '#cli/status/describe';
import { manifestSearch } from '#cli/status/manifest-search';
import { platformStatus } from '#cli/status/read-status';
import type { Snapshot } from '#cli/status/snapshot';
import { application, layers, node, NOW, pod, snapshot, waiting, workload } from './objects';

const status = (changes: Partial<Snapshot> = {}) =>
  platformStatus(snapshot(changes), 'https://127.0.0.1:6443', { search: manifestSearch('/nonexistent'), now: NOW });
const text = (changes: Partial<Snapshot> = {}) => describeStatus(status(changes), createColors(false));

describe('forge status for people', () => {
  it('is aligned and complete', () => {
    expect(text()).toBe(`Nodes
  forge-server-1   server  Ready  v1.36.4+k3s1  3 d
  forge-general-1  worker  Ready  v1.36.4+k3s1  3 d
  forge-general-2  worker  Ready  v1.36.4+k3s1  3 d

Layers
  root               Synced  Healthy  a1b2c3d
  layer-00-infra     Synced  Healthy  a1b2c3d
  layer-01-init      Synced  Healthy  a1b2c3d
  layer-02-database  Synced  Healthy  a1b2c3d
  layer-03-apps      Synced  Healthy  a1b2c3d

Apps
  gitea     Deployment   1/1  example.org/gitea:1.0
  jenkins   StatefulSet  1/1  example.org/jenkins:1.0
  nginx     Deployment   1/1  example.org/nginx:1.0
  postgres  StatefulSet  1/1  example.org/postgres:1.0

Certificates
  rt/gitea-tls            valid  until 2027-01-20  57 days
  k3s on forge-server-1   valid  until 2027-11-20  362 days
  k3s on forge-general-1  valid  until 2027-11-20  362 days
  k3s on forge-general-2  valid  until 2027-11-20  362 days

Everything is healthy.
`);
  });

  it('names an image once, however many containers of an app have it', () => {
    const app = workload('gitea');
    const containers = [...app.spec!.template!.spec!.containers!, ...app.spec!.template!.spec!.containers!];
    const deployments = [{ ...app, spec: { template: { spec: { containers } } } }];
    expect(text({ deployments })).toContain('  gitea     Deployment   1/1  example.org/gitea:1.0\n');
  });

  const broken: Partial<Snapshot> = {
    nodes: [node('forge-server-1', { ready: false, message: 'Kubelet stopped posting' })],
    applications: [
      ...layers({ 'layer-00-infra': { health: 'Progressing' } }),
      application('traefik', { parent: 'layer-00-infra', health: 'Degraded', sync: 'OutOfSync' }),
    ],
    deployments: [workload('gitea', { ready: 0 })],
    pods: [pod('gitea-6d4b-x1', { container: waiting('CrashLoopBackOff') })],
  };

  it('puts the reasons under their layer, and the parts that are to blame', () => {
    expect(text(broken)).toContain(`  layer-00-infra     Synced     Progressing  a1b2c3d
    traefik          OutOfSync  Degraded     a1b2c3d
        sync is OutOfSync, health is Degraded
`);
  });

  it('ends with all that is not healthy', () => {
    expect(describeFaults(status(broken))).toBe(`Not healthy.
  layer-00-infra: traefik: sync is OutOfSync, health is Degraded
  nodes: forge-server-1
  apps: gitea
  in trouble: Pod rt/gitea-6d4b-x1`);
  });

  it('lets no text of the cluster drive the terminal', () => {
    const pods = [pod('gitea-6d4b-x1', { container: waiting('Bad', 'one\u001b[2Jtwo\nthree') })];
    expect(text({ pods })).toContain('one\\u001b[2Jtwo\\nthree');
  });

  it('colours only where it is asked to', () => {
    const coloured = describeStatus(status(), createColors(true));
    // eslint-disable-next-line no-control-regex
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(text());
    expect(coloured).not.toBe(text());
  });

  it('says what it could not see', () => {
    expect(text({ unseen: ['ingresses of argocd', 'nodes'] })).toContain(
      'Not to be seen from here\n  ingresses of argocd\n  nodes\n',
    );
  });
});

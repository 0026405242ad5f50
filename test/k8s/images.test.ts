import { componentManifests, containersOf, filesIn, ofKind, type Json } from './manifests';

const all = [...ofKind('Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job'), ...componentManifests];
const images = all.flatMap(containersOf).map(({ at, container }) => [at, container['image'] as string] as const);
const component = (kind: string, name: string): Json =>
  componentManifests.find(({ body }) => body['kind'] === kind && body['metadata'].name === name)!.body['spec'];
const plans = componentManifests.filter(({ body }) => body['kind'] === 'Plan').map(({ body }) => body['spec'] as Json);
const kubectl = component('Deployment', 'system-upgrade-controller')['template'].spec.containers[0].env.find(
  ({ name }: Json) => name === 'SYSTEM_UPGRADE_JOB_KUBECTL_IMAGE',
).value as string;

describe('images', () => {
  it.each([...images, ['the upgrades', kubectl] as const])(
    '%s: %s has a registry and a version, and may have a digest',
    (_, image) => {
      expect(image).toMatch(/^[a-z0-9.]+\.(io|com)\/[a-z0-9/-]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/);
    },
  );

  it('that are used more than once are the same everywhere', () => {
    const names = [...new Set(images.map(([, image]) => image))].map((image) => image.split(':')[0]);
    expect(names).toEqual([...new Set(names)]);
  });

  // The controller appends the plan's version, and finds no such tag behind a digest.
  it('of k3s have no version of their own', () => {
    const wanted = plans.flatMap(({ prepare, upgrade }) => [prepare, upgrade]).flatMap((step) => step?.image ?? []);
    expect(wanted).toHaveLength(3);
    expect(new Set(wanted)).toEqual(new Set(['docker.io/rancher/k3s-upgrade']));
  });

  it('cordon and drain nodes with a kubectl of their minor version', () => {
    const [, minor] = plans[0]!['version'].split('.');
    expect(kubectl.split(':')[1]!.split('.')[1]).toBe(minor);
  });
});

describe('what Argo CD renders', () => {
  it('is a chart of one exact version, or files of this repository', () => {
    for (const { body } of ofKind('Application')) {
      const { chart, targetRevision, path, repoURL } = body['spec'].source;
      if (chart === undefined) expect(path).toMatch(/^k8s\/components\/[\w-]+$/);
      else
        expect([repoURL, targetRevision]).toEqual([
          expect.stringMatching(/^https:/),
          expect.stringMatching(/^v?\d+\.\d+\.\d+$/),
        ]);
    }
  });

  it('fetches nothing: the components are plain manifests', () => {
    const names = filesIn('components').map((file) => file.split('/').at(-1));
    for (const name of ['kustomization.yaml', 'Chart.yaml']) expect(names).not.toContain(name);
    for (const { id, body } of componentManifests)
      expect([id, body['metadata']?.name]).toEqual([id, expect.any(String)]);
  });
});

describe('the volume driver', () => {
  const { spec: controller } = component('StatefulSet', 'csi-do-controller')['template'];
  const { spec: node } = component('DaemonSet', 'csi-do-node')['template'];

  it('is on the network of the host, where the metadata address can be reached', () => {
    for (const { hostNetwork } of [controller, node]) expect(hostNetwork).toBe(true);
    expect(controller.dnsPolicy).toBe('Default');
  });

  it('has the token of the account on servers only', () => {
    expect(controller.nodeSelector).toEqual({ 'node-role.kubernetes.io/control-plane': 'true' });
    expect(JSON.stringify(controller)).toContain('"secretKeyRef":{"name":"digitalocean","key":"access-token"}');
    expect(JSON.stringify(node)).not.toContain('secret');
    expect(node.automountServiceAccountToken).toBe(false);
  });

  it('is on every node, whatever its taints', () => {
    expect(node.tolerations).toEqual([{ operator: 'Exists' }]);
  });
});

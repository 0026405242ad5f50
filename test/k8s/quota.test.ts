import { sizeOf } from '#config/digitalocean';
import { SOLVER_RESOURCES } from '#sandbox/controllers/acme-solver';
import { containers, ofKind, quantity, workloads, type Json } from './manifests';

/** After the guide's edit. */
const SCALED = 3;
/** One per Ingress in rt and one to spare, each as cert-manager makes them. */
const SOLVERS = 4;

const ofRt = (kind: string): Json => ofKind(kind).find(({ id }) => id === `${kind} rt rt`)!.body;
const quota = ofRt('ResourceQuota')['spec'].hard as Record<string, string>;
const limitRange = ofRt('LimitRange')['spec'].limits as Json[];
const byType = (type: string): Json => limitRange.find((limit) => limit['type'] === type)!;

/** What a pod counts for: the sum of its containers, or its largest init container. */
function podTotal(pod: Json, kind: 'requests' | 'limits', resource: 'cpu' | 'memory'): number {
  const amounts = (list: string) =>
    ((pod[list] ?? []) as Json[]).map((container) => quantity(container['resources'][kind][resource]));
  return Math.max(
    amounts('containers').reduce((sum, amount) => sum + amount, 0),
    ...amounts('initContainers'),
  );
}

function total(kind: 'requests' | 'limits', resource: 'cpu' | 'memory'): number {
  const pods = workloads.reduce(
    (sum, { pod, scalable }) => sum + podTotal(pod, kind, resource) * (scalable ? SCALED : 1),
    0,
  );
  return pods + SOLVERS * quantity(SOLVER_RESOURCES[kind][resource]);
}

describe('the quota of rt', () => {
  it.each(['requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'] as const)(
    'has room in %s for three Jenkins, three front pages, the dump, the certificates, and a rolling update',
    (key) => {
      const [kind, resource] = key.split('.') as ['requests', 'cpu'];
      const largest = Math.max(...containers.map(({ container }) => quantity(container['resources'][kind][resource])));
      expect(total(kind, resource) + largest).toBeLessThanOrEqual(quantity(quota[key]!));
    },
  );

  it('leaves a third of two workers of forge.yaml to the system', () => {
    const worker = sizeOf('s-4vcpu-8gb')!;
    expect(quantity(quota['requests.cpu']!)).toBeLessThanOrEqual((2 * worker.vcpus * 2) / 3);
    expect(quantity(quota['requests.memory']!)).toBeLessThanOrEqual((2 * worker.memoryMiB * 2 ** 20 * 2) / 3);
  });

  it('has room for the volumes of three Jenkins', () => {
    const sizes = [
      ...ofKind('PersistentVolumeClaim').map(({ body }) => body['spec']),
      ...ofKind('StatefulSet').flatMap(({ body }) =>
        ((body['spec'].volumeClaimTemplates ?? []) as Json[]).flatMap(({ spec }) => Array<Json>(SCALED).fill(spec)),
      ),
    ].map(({ resources }) => quantity(resources.requests.storage));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(quantity(quota['requests.storage']!));
    expect(sizes.length).toBeLessThanOrEqual(Number(quota['persistentvolumeclaims']));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(quantity(byType('PersistentVolumeClaim')['max'].storage));
  });

  it('admits no Service that would open a port or make a load balancer', () => {
    expect([quota['services.loadbalancers'], quota['services.nodeports']]).toEqual(['0', '0']);
  });
});

describe('a container that says nothing', () => {
  it('gets requests and limits, or the quota would refuse it', () => {
    const { default: limits, defaultRequest } = byType('Container');
    expect([Object.keys(limits).sort(), Object.keys(defaultRequest).sort()]).toEqual([
      ['cpu', 'memory'],
      ['cpu', 'memory'],
    ]);
  });

  // Such a maximum would refuse pods, not workloads: the forecast below could not keep the old pods alive.
  it('meets no other maximum than the quota', () => {
    expect(byType('Container')['max']).toBeUndefined();
  });
});

describe('the forecast of the quota', () => {
  const [policy, binding] = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'].map((kind) => {
    const found = ofKind(kind).find(({ body }) => body['metadata'].name === 'forge-workload-fits-quota')!;
    return found.body['spec'] as Json;
  }) as [Json, Json];

  it('looks at every amount of the quota, but for Services', () => {
    const [asked] = policy.variables.map(({ expression }: Json) => expression as string);
    const keys = /\[('pods'[^\]]+)\]/
      .exec(asked)![1]!
      .split(/,\s*/)
      .map((key) => key.replaceAll("'", ''));
    expect(keys.sort()).toEqual(
      Object.keys(quota)
        .filter((key) => !key.startsWith('services.'))
        .sort(),
    );
  });

  it('is bound to the quota and the namespace rt', () => {
    const { name, namespace } = ofRt('ResourceQuota')['metadata'];
    expect(binding.paramRef).toMatchObject({ name, namespace });
    expect(binding.matchResources.namespaceSelector.matchLabels).toEqual({ 'kubernetes.io/metadata.name': namespace });
    expect(binding.validationActions).toEqual(['Deny']);
  });

  it('stands aside when it cannot tell: the quota has the last word', () => {
    expect([policy.failurePolicy, binding.paramRef.parameterNotFoundAction]).toEqual(['Ignore', 'Allow']);
  });
});

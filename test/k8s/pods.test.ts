import { containers, matches, ofKind, workloads, type Json } from './manifests';

const VOLUME_TYPES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
/** Not what works beside a program: a probe of its own would take the program out of service. */
const running = containers.filter(
  ({ init, workload, container }) =>
    !init && workload.body['kind'] !== 'CronJob' && !['backup', 'introduction'].includes(container['name'] as string),
);

/** Account, and the containers that get its token. */
const WITH_TOKEN: Readonly<Record<string, unknown>> = {
  'Deployment rt gitea': ['gitea', ['introduction']],
  'StatefulSet rt jenkins': ['jenkins', ['jenkins']],
};

function containersWithToken(pod: Json): string[] {
  const tokens = ((pod['volumes'] ?? []) as Json[])
    .filter(({ projected }) => (projected?.sources ?? []).some((source: Json) => source['serviceAccountToken']))
    .map(({ name }) => name as string);
  return [...(pod['initContainers'] ?? []), ...pod['containers']]
    .filter(({ volumeMounts }: Json) => (volumeMounts ?? []).some(({ name }: Json) => tokens.includes(name as string)))
    .map(({ name }: Json) => name as string);
}

describe('every pod', () => {
  it.each(workloads.map((workload) => [workload.id, workload] as const))(
    '%s is admitted by the restricted Pod Security Standard',
    (_, { pod }) => {
      expect(pod['securityContext']).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod['securityContext'].runAsUser).toBeGreaterThan(0);
      expect([pod['hostNetwork'], pod['hostPID'], pod['hostIPC']]).toEqual([undefined, undefined, undefined]);
      for (const { name, ...source } of pod['volumes'] ?? []) {
        expect(VOLUME_TYPES).toContain(Object.keys(source).join());
        expect(name).toEqual(expect.any(String));
      }
    },
  );

  it.each(workloads.map((workload) => [workload.id, workload] as const))(
    '%s cannot talk to the API, but for the one container that has to',
    (id, { pod }) => {
      expect(pod['automountServiceAccountToken']).toBe(false);
      expect([pod['serviceAccountName'], containersWithToken(pod)]).toEqual(WITH_TOKEN[id] ?? [undefined, []]);
    },
  );

  it.each(workloads.filter(({ scalable }) => scalable).map((workload) => [workload.id, workload] as const))(
    '%s spreads over the nodes and keeps all but one when nodes are drained',
    (_, { pod, labels }) => {
      expect(pod['topologySpreadConstraints']).toEqual([
        expect.objectContaining({ topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' }),
      ]);
      const budgets = ofKind('PodDisruptionBudget').filter(({ body }) =>
        matches(body['spec'].selector.matchLabels, labels),
      );
      expect(budgets.map(({ body }) => body['spec'].maxUnavailable)).toEqual([1]);
    },
  );

  it.each(workloads.filter(({ scalable }) => scalable).map((workload) => [workload.id, workload] as const))(
    '%s goes on serving when it is told to stop, with time left to finish',
    (_, { pod }) => {
      const [{ lifecycle }] = pod['containers'];
      expect(lifecycle).toEqual({ preStop: { sleep: { seconds: 8 } } });
      expect(pod['terminationGracePeriodSeconds'] ?? 30).toBeGreaterThanOrEqual(2 * lifecycle.preStop.sleep.seconds);
    },
  );

  it('that cannot be more than one has no disruption budget, which would block every drain', () => {
    for (const { labels } of workloads.filter(({ scalable }) => !scalable)) {
      const budgets = ofKind('PodDisruptionBudget').filter(({ body }) =>
        matches(body['spec'].selector.matchLabels, labels),
      );
      expect(budgets).toEqual([]);
    }
  });

  it('that uses one volume is stopped before the next one starts', () => {
    for (const { body, pod } of workloads.filter(({ body }) => body['kind'] === 'Deployment')) {
      const claims = (pod['volumes'] ?? []).some((volume: object) => 'persistentVolumeClaim' in volume);
      if (claims) expect([body['spec'].replicas, body['spec'].strategy.type]).toEqual([1, 'Recreate']);
    }
  });
});

describe('every container', () => {
  it.each(containers.map((entry) => [entry.at, entry] as const))(
    '%s asks for CPU and memory, and has limits',
    (_, { container }) => {
      const amount = expect.stringMatching(/^\d+(m|Mi|Gi)?$/) as string;
      expect(container['resources']).toEqual({
        requests: { cpu: amount, memory: amount },
        limits: { cpu: amount, memory: amount },
      });
    },
  );

  it.each(containers.map((entry) => [entry.at, entry] as const))(
    '%s has no rights and a read-only root',
    (_, { container }) => {
      expect(container['securityContext']).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    },
  );

  it.each(running.map((entry) => [entry.at, entry] as const))('%s is watched from its start on', (_, { container }) => {
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const checks = ['httpGet', 'tcpSocket', 'exec'].filter((check) => container[probe]?.[check]);
      expect([probe, checks.length]).toEqual([probe, 1]);
    }
  });

  it.each(running.map((entry) => [entry.at, entry] as const))(
    '%s is probed at a port that it has',
    (_, { container }) => {
      const ports = container['ports'].map(({ name }: { name: string }) => name);
      for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
        const { httpGet, tcpSocket } = container[probe];
        const port = (httpGet ?? tcpSocket)?.port;
        if (port !== undefined) expect(ports).toContain(port);
      }
    },
  );

  it.each(containers.map((entry) => [entry.at, entry] as const))(
    '%s mounts volumes that its pod has',
    (_, { container, workload }) => {
      const templates = workload.body['spec'].volumeClaimTemplates ?? [];
      const volumes = [
        ...(workload.pod['volumes'] ?? []).map(({ name }: { name: string }) => name),
        ...templates.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
      ];
      for (const { name } of container['volumeMounts'] ?? []) expect(volumes).toContain(name);
    },
  );
});

describe('the accounts of the pods', () => {
  const accounts = ofKind('ServiceAccount').map(({ id, body }) => [id, body] as const);

  it.each(accounts)('%s gives no token by itself', (_, body) => {
    expect(body['automountServiceAccountToken']).toBe(false);
  });

  it.each(accounts.filter(([id]) => id.includes(' rt ')))('%s pulls images with the Docker Hub account', (_, body) => {
    expect(body['imagePullSecrets']).toEqual([{ name: 'dockerhub-auth-secret' }]);
  });
});

/** Objects of a cluster as the API gives them; each builder makes a healthy one that a test can worsen. */
import type {
  ApplicationObject,
  CertificateObject,
  Condition,
  ContainerStatus,
  EventObject,
  IngressObject,
  JobObject,
  NodeObject,
  PodObject,
  ResourceResult,
  ResourceStatus,
  WorkloadObject,
} from '#cli/status/api-objects';
import type { Snapshot } from '#cli/status/snapshot';

export const REVISION = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
export const NOW = new Date('2026-11-23T12:00:00Z');

export function node(
  name: string,
  { ready = true, message = '', cordoned = false, pressure = '', certificatesEnd = '2027-11-20T12:00:00Z' } = {},
): NodeObject {
  const isServer = name.includes('server');
  return {
    metadata: {
      name,
      creationTimestamp: '2026-11-20T12:00:00Z',
      annotations: certificatesEnd === '' ? {} : { 'forge/k3s-certificates-end': certificatesEnd },
      labels: isServer ? { 'node-role.kubernetes.io/control-plane': 'true' } : {},
    },
    spec: cordoned ? { unschedulable: true } : {},
    status: {
      nodeInfo: { kubeletVersion: 'v1.36.4+k3s1' },
      conditions: [
        { type: 'Ready', status: ready ? 'True' : 'Unknown', message },
        ...(pressure === '' ? [] : [{ type: pressure, status: 'True', message: 'nearly full' }]),
      ],
    },
  };
}

export interface ApplicationShape {
  readonly sync?: string;
  readonly health?: string;
  readonly parent?: string;
  readonly path?: string;
  readonly conditions?: readonly Condition[];
  readonly resources?: readonly ResourceStatus[];
  readonly phase?: string;
  readonly message?: string;
  readonly results?: readonly ResourceResult[];
  /** Commit of the last sync; `revision` is the one compared with. */
  readonly tried?: string;
  readonly revision?: string;
  readonly annotations?: Record<string, string>;
}

const LAYER = /^layer-(\d\d)-(\w+)$/;

export function application(name: string, shape: ApplicationShape = {}): ApplicationObject {
  const [, number, word] = LAYER.exec(name) ?? [];
  const { sync = 'Synced', health = 'Healthy', parent = number && 'root', path = `k8s/${number}-${word}` } = shape;
  const { phase = 'Succeeded', message = 'successfully synced (all tasks run)', results = [] } = shape;
  const { revision = REVISION, tried = revision } = shape;
  return {
    metadata: {
      name,
      namespace: 'argocd',
      annotations: {
        ...(parent && { 'argocd.argoproj.io/tracking-id': `${parent}:argoproj.io/Application:argocd/${name}` }),
        ...(number && { 'argocd.argoproj.io/sync-wave': String(Number(number)) }),
        ...shape.annotations,
      },
    },
    spec: { source: { path }, destination: { namespace: 'rt' } },
    status: {
      sync: { status: sync, revision },
      health: { status: health },
      ...(shape.conditions && { conditions: shape.conditions }),
      resources: shape.resources ?? [],
      operationState: { phase, message, syncResult: { resources: results, revision: tried } },
    },
  };
}

export const LAYERS = ['layer-00-infra', 'layer-01-init', 'layer-02-database', 'layer-03-apps'];

/** The root and its four layers; those named in `changes` differ. */
export function layers(changes: Record<string, ApplicationShape> = {}): ApplicationObject[] {
  return ['root', ...LAYERS].map((name) =>
    application(name, { path: 'k8s/layers', ...layerPath(name), ...changes[name] }),
  );
}

function layerPath(name: string): { path?: string } {
  const [, number, word] = LAYER.exec(name) ?? [];
  return number === undefined ? {} : { path: `k8s/${number}-${word}` };
}

export function resource(kind: string, name: string, more: Partial<ResourceStatus> = {}): ResourceStatus {
  return { kind, namespace: 'rt', name, status: 'Synced', ...more };
}

interface WorkloadShape {
  readonly wanted?: number;
  readonly ready?: number;
  readonly updated?: number;
  readonly image?: string;
  readonly conditions?: readonly Condition[];
}

export function workload(name: string, shape: WorkloadShape = {}): WorkloadObject {
  const { wanted = 1, ready = wanted, updated = wanted, image = `example.org/${name}:1.0`, conditions = [] } = shape;
  return {
    metadata: { name, namespace: 'rt', generation: 2 },
    spec: { replicas: wanted, template: { spec: { containers: [{ image }] } } },
    status: { observedGeneration: 2, readyReplicas: ready, updatedReplicas: updated, conditions },
  };
}

interface PodShape {
  readonly of?: { readonly kind: string; readonly name: string };
  readonly container?: Partial<ContainerStatus>;
  readonly initContainer?: Partial<ContainerStatus>;
  readonly phase?: string;
  readonly reason?: string;
  readonly conditions?: readonly Condition[];
}

/** A pod of a Deployment's ReplicaSet, unless `of` says otherwise. */
export function pod(name: string, shape: PodShape = {}): PodObject {
  const [app = name, hash = ''] = name.split('-');
  const owner = shape.of ?? { kind: 'ReplicaSet', name: `${app}-${hash}` };
  const status = (container: Partial<ContainerStatus>) => ({
    name: app,
    image: `example.org/${app}:1.0`,
    ...container,
  });
  return {
    metadata: {
      name,
      namespace: 'rt',
      ownerReferences: [owner],
      labels: owner.kind === 'ReplicaSet' ? { 'pod-template-hash': hash } : {},
    },
    status: {
      phase: shape.phase ?? 'Running',
      ...(shape.reason && { reason: shape.reason }),
      conditions: shape.conditions ?? [{ type: 'Ready', status: shape.container ? 'False' : 'True' }],
      initContainerStatuses: shape.initContainer ? [status(shape.initContainer)] : [],
      containerStatuses: [status(shape.container ?? {})],
    },
  };
}

export function waiting(reason: string, message?: string): Partial<ContainerStatus> {
  return { state: { waiting: { reason, ...(message && { message }) } } };
}

export function warning(kind: string, name: string, reason: string, message: string, at = '11:00'): EventObject {
  return {
    metadata: { name: `${name}.${at}` },
    involvedObject: { kind, name },
    type: 'Warning',
    reason,
    message,
    lastTimestamp: `2026-11-23T${at}:00Z`,
  };
}

export function job(name: string, { failed = false, cronJob = 'tidy', at = '01:00' } = {}): JobObject {
  return {
    metadata: {
      name,
      namespace: 'rt',
      creationTimestamp: `2026-11-23T${at}:00Z`,
      ownerReferences: [{ kind: 'CronJob', name: cronJob }],
    },
    status: {
      conditions: failed
        ? [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'Job has reached the limit' }]
        : [{ type: 'Complete', status: 'True' }],
    },
  };
}

export function ingress(name: string, address = '127.0.0.1'): IngressObject {
  const addresses = address === '' ? [] : [{ ip: address }];
  return { metadata: { name, namespace: 'rt' }, status: { loadBalancer: { ingress: addresses } } };
}

interface CertificateShape {
  readonly ready?: boolean;
  readonly message?: string;
  readonly notAfter?: string;
  readonly renewalTime?: string;
}

export function certificate(name: string, shape: CertificateShape = {}): CertificateObject {
  const { ready = true, message = '', notAfter = '2027-01-20T00:00:00Z' } = shape;
  const { renewalTime = '2026-12-21T00:00:00Z' } = shape;
  return {
    metadata: { name, namespace: 'rt' },
    status: { notAfter, renewalTime, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', message }] },
  };
}

/** A healthy cluster with what a test changes. */
export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    nodes: [node('forge-server-1'), node('forge-general-1'), node('forge-general-2')],
    applications: layers(),
    deployments: [workload('gitea'), workload('nginx')],
    statefulSets: [workload('jenkins'), workload('postgres')],
    pods: [pod('gitea-6d4b-x1'), pod('jenkins-0', { of: { kind: 'StatefulSet', name: 'jenkins' } })],
    jobs: [job('backup-gitea-1')],
    cronJobs: [],
    claims: [],
    ingresses: [ingress('gitea')],
    events: [],
    certificates: [certificate('gitea-tls')],
    unseen: [],
    unknown: [],
    ...changes,
  };
}

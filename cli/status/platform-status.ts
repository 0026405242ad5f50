/** What `forge status` says, as data: the output of --json. Times are ISO 8601 in UTC. */

export interface PlatformStatus {
  /** Nodes, layers, apps and certificates are all as they should be, as far as they may be seen. */
  readonly healthy: boolean;
  /** URL of the API server. */
  readonly server: string;
  readonly readAt: string;
  readonly nodes: readonly NodeStatus[];
  /** The root application, then the layers in their order. */
  readonly layers: readonly LayerStatus[];
  /** The first layer that is not Synced and Healthy, with its reason. */
  readonly blocking?: Blocking;
  /** Deployments and StatefulSets of the tools. */
  readonly apps: readonly AppStatus[];
  /** Objects of the tools that are in trouble: pods, workloads, jobs, claims, ingresses. */
  readonly troubles: readonly Trouble[];
  readonly certificates: readonly CertificateStatus[];
  /** Of the environment of who asks. */
  readonly tokens: readonly TokenStatus[];
  /** Absent where nobody could look. */
  readonly etcdSnapshots?: EtcdSnapshotStatus;
  /** Of Gitea, with the dump of its database, and of Jenkins. */
  readonly backups: readonly BackupStatus[];
  /** What will be wrong if nobody does anything. */
  readonly warnings: readonly string[];
  /** What could not be seen from here. */
  readonly unseen: readonly string[];
}

export interface NodeStatus {
  readonly name: string;
  readonly role: 'server' | 'worker';
  readonly ready: boolean;
  /** Takes no new pods, as during an upgrade. */
  readonly cordoned: boolean;
  readonly version: string;
  readonly createdAt: string;
  /** Why it is not ready, or what it is short of. */
  readonly problem?: string;
}

export interface ObjectName {
  readonly kind: string;
  /** Absent for an object that belongs to no namespace. */
  readonly namespace?: string;
  readonly name: string;
}

export interface Reason {
  readonly message: string;
  /** False while it is only under way. */
  readonly failed: boolean;
  readonly object?: ObjectName;
  /** File of the working tree, with the line where known: `k8s/03-apps/jenkins.yaml:12`. */
  readonly file?: string;
}

export interface LayerStatus {
  readonly name: string;
  /** Synced, OutOfSync or Unknown; Missing for one that does not exist yet. */
  readonly sync: string;
  /** Healthy, Progressing, Degraded, Suspended, Missing or Unknown. */
  readonly health: string;
  /** Synced and Healthy. */
  readonly healthy: boolean;
  /** Commit. */
  readonly revision?: string;
  /** The layer before it that holds it. */
  readonly waitingFor?: string;
  /** Why it is not healthy; the first weighs most. */
  readonly reasons: readonly Reason[];
  /** Applications that this one brings: the add-ons of the first layer. */
  readonly parts: readonly LayerStatus[];
}

export interface Blocking extends Reason {
  readonly layer: string;
}

export interface AppStatus {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  readonly ready: number;
  readonly wanted: number;
  /** Of the newest template, one per container. */
  readonly images: readonly string[];
  /** As many as wanted are Ready, and none is of an older template. */
  readonly healthy: boolean;
}

export interface Trouble {
  readonly object: ObjectName;
  /** One word, such as ImagePullBackOff. */
  readonly reason: string;
  readonly message: string;
  /** Deployment, StatefulSet or CronJob that the object belongs to. */
  readonly of?: ObjectName;
}

export interface CertificateStatus {
  /** Such as `admin`, `API server`, `k3s on <node>`: the first of the node's, or namespace/name of one in the cluster. */
  readonly name: string;
  readonly expiresAt?: string;
  readonly valid: boolean;
  /** Why it is not valid, or not renewed. */
  readonly problem?: string;
}

export interface BackupStatus {
  readonly app: string;
  /** Cron, in UTC. */
  readonly schedule: string;
  /** End of the newest one that succeeded; absent when there is none. */
  readonly savedAt?: string;
  /** Older than twice the schedule's longest pause. */
  readonly late: boolean;
}

/** The newest one. */
export type EtcdSnapshotStatus = Omit<BackupStatus, 'app'>;

export interface TokenStatus {
  /** Of the environment variable. */
  readonly name: string;
  readonly valid: boolean;
  /** Absent for one that the vendor does not know. */
  readonly expiresAt?: string;
}

/** `Deployment rt/jenkins` */
export function nameOf({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

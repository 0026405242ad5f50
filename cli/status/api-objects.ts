/** The parts of the API's objects that the status is made of. */

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly creationTimestamp?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  readonly deletionTimestamp?: string;
}

export interface Condition {
  readonly type: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface NodeObject {
  readonly metadata: Metadata;
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly nodeInfo?: { readonly kubeletVersion?: string };
  };
}

interface ResourceName {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** What Argo CD compared. */
export interface ResourceStatus extends ResourceName {
  readonly status?: string;
  readonly requiresPruning?: boolean;
  readonly syncWave?: number;
  /** Only where `controller.resource.health.persist` is on. */
  readonly health?: { readonly status?: string; readonly message?: string };
}

/** What Argo CD applied. */
export interface ResourceResult extends ResourceName {
  readonly status?: string;
  readonly hookPhase?: string;
  readonly message?: string;
}

export interface ApplicationObject {
  readonly metadata: Metadata;
  readonly spec?: {
    readonly source?: { readonly path?: string };
    readonly destination?: { readonly namespace?: string };
  };
  readonly status?: {
    readonly sync?: { readonly status?: string; readonly revision?: string };
    readonly health?: { readonly status?: string; readonly message?: string };
    readonly conditions?: readonly Condition[];
    readonly resources?: readonly ResourceStatus[];
    readonly operationState?: {
      readonly phase?: string;
      readonly message?: string;
      readonly syncResult?: { readonly resources?: readonly ResourceResult[]; readonly revision?: string };
    };
  };
}

/** A Deployment or a StatefulSet. */
export interface WorkloadObject {
  readonly metadata: Metadata;
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly restartCount?: number;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  readonly lastState?: { readonly terminated?: { readonly exitCode?: number; readonly reason?: string } };
}

export interface PodObject {
  readonly metadata: Metadata;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface JobObject {
  readonly metadata: Metadata;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface CronJobObject {
  readonly metadata: Metadata;
  readonly spec?: { readonly schedule?: string; readonly suspend?: boolean };
  readonly status?: { readonly lastSuccessfulTime?: string; readonly lastScheduleTime?: string };
}

export interface ClaimObject {
  readonly metadata: Metadata;
  readonly status?: { readonly phase?: string };
}

export interface IngressObject {
  readonly metadata: Metadata;
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

export interface EventObject {
  readonly metadata: Metadata;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

export interface CertificateObject {
  readonly metadata: Metadata;
  readonly status?: {
    readonly notAfter?: string;
    readonly renewalTime?: string;
    readonly conditions?: readonly Condition[];
  };
}

/** What the stand-in reads and writes of the objects of the Kubernetes API. */

export interface KubernetesObject {
  readonly metadata?: ObjectMetadata;
}

interface ObjectMetadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Secret extends KubernetesObject {
  readonly type?: string;
  readonly immutable?: boolean;
  /** In Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

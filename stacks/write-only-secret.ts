import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';

export interface WriteOnlySecretProps {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Record<string, string>;
    readonly labels?: Record<string, string>;
  };
  /** Kubernetes secret type. */
  readonly type: string;
  /** Key in the secret to its value: references to ephemeral variables, or to values that some state holds anyway. */
  readonly data: Record<string, string>;
  /** Sends the data again when it changes; undefined keeps the one in the state, and with it the data in the cluster. */
  readonly revision: number | undefined;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Without a label or an annotation the first plan after the secret was made shows an update: the provider keeps nothing
 * in the state then, and plans an empty map, even where the configuration has one.
 */
const LABELS = { 'app.kubernetes.io/managed-by': 'terraform' };
const ANNOTATIONS = { 'kubernetes.io/description': 'The data is written by a deploy, and is in no state and no plan.' };

/** Of the values that are absent now; never sent. The provider takes no number below 1. */
const UNKNOWN_REVISION = 1;

/** A Kubernetes secret whose data is in no state and no plan. */
export function writeOnlySecret(scope: Construct, id: string, props: WriteOnlySecretProps): SecretV1 {
  const { metadata, type, data, revision, dependsOn } = props;
  return new SecretV1(scope, id, {
    metadata: {
      ...metadata,
      labels: { ...LABELS, ...metadata.labels },
      annotations: { ...ANNOTATIONS, ...metadata.annotations },
    },
    type,
    dataWo: data,
    dataWoRevision: revision ?? UNKNOWN_REVISION,
    dependsOn,
    ...(revision === undefined ? { lifecycle: { ignoreChanges: ['data_wo_revision'] } } : {}),
  });
}

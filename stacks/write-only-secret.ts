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

/** A Kubernetes secret whose data is in no state and no plan. */
export function writeOnlySecret(scope: Construct, id: string, props: WriteOnlySecretProps): SecretV1 {
  const { metadata, type, data, revision, dependsOn } = props;
  return new SecretV1(scope, id, {
    metadata,
    type,
    dataWo: data,
    dataWoRevision: revision ?? 0,
    dependsOn,
    ...(revision === undefined ? { lifecycle: { ignoreChanges: ['data_wo_revision'] } } : {}),
  });
}

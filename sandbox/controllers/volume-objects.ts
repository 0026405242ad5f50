/** What the controllers of the volumes read of claims, volumes and storage classes. */
import type { KubernetesObject } from '#clients/kubernetes/object';

/** Name of DigitalOcean's volume driver. */
export const DRIVER = 'dobs.csi.digitalocean.com';

export interface Claim extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & {
    readonly uid: string;
    readonly namespace: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly accessModes: readonly string[];
    readonly volumeMode?: string;
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly resources: { readonly requests: { readonly storage: string } };
  };
  readonly status?: { readonly phase?: string; readonly capacity?: { readonly storage?: string } };
}

export interface Volume extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & {
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
  readonly spec: {
    readonly csi?: { readonly driver: string; readonly volumeHandle: string };
    readonly capacity: { readonly storage: string };
    readonly persistentVolumeReclaimPolicy: string;
  };
  readonly status?: { readonly phase?: string };
}

export interface StorageClass extends KubernetesObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

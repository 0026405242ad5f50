import type { KubernetesObject } from '../kubernetes/kubernetes-object';
import type { Values } from './release-values';

export interface EmulatedRelease {
  readonly namespace: string;
  readonly values: Values;
}

/** A chart of a repository that the sandbox replaces by objects of its own. */
export type EmulatedChart = (release: EmulatedRelease) => Promise<KubernetesObject[]>;

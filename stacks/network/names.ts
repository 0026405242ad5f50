import { createHash } from 'node:crypto';
import type { ForgeConfig } from '#config/schema';

/** Names and tags in the DigitalOcean account. All start with project and environment, so environments never meet. */
export interface CloudNames {
  /** Also the tag of every node. */
  readonly cluster: string;
  /** Tag of the servers. */
  readonly servers: string;
  /** Tag of the workers. */
  readonly workers: string;
  readonly of: (thing: string) => string;
}

export function cloudNames(project: string, environment: string): CloudNames {
  const cluster = `${project}-${environment}`;
  return { cluster, servers: `${cluster}-server`, workers: `${cluster}-worker`, of: (thing) => `${cluster}-${thing}` };
}

/**
 * Bucket of the etcd snapshots. Bucket names are shared by all customers of a region, so it ends in a mark of the state's bucket,
 * which is the owner's alone. It follows from forge.yaml: `forge bootstrap` makes it, and `forge destroy` finds it without a state.
 */
export function snapshotBucketName({ name, environment, state }: ForgeConfig): string {
  const mark = createHash('sha256').update(state.bucket).digest('hex').slice(0, 8);
  return cloudNames(name, environment).of(`etcd-snapshots-${mark}`);
}

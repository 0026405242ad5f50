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

/** Where machines and pods find Spaces. What Terraform and `forge` ask may be another server: SPACES_ENDPOINT_URL is theirs. */
export function spacesHost(region: string): string {
  return `${region}.digitaloceanspaces.com`;
}

/** Bucket of the etcd snapshots. */
export function snapshotBucketName(config: ForgeConfig): string {
  return bucketName(config, 'etcd-snapshots');
}

/** Bucket of the states without their secrets, for plans of pull requests. */
export function plansBucketName(config: ForgeConfig): string {
  return bucketName(config, 'plans');
}

/** Bucket of the backups, and that of their copies in the second region. */
export function backupBucketName(config: ForgeConfig): string {
  return bucketName(config, 'backups');
}

export function secondBackupBucketName(config: ForgeConfig): string {
  return bucketName(config, 'backups-copy');
}

/**
 * Bucket names are shared by all customers of a region, so ours end in a mark of the state's bucket, which is the owner's alone.
 * They follow from forge.yaml: `forge bootstrap` makes the buckets, and `forge destroy` finds them without a state.
 */
function bucketName({ name, environment, state }: ForgeConfig, of: string): string {
  const mark = createHash('sha256').update(state.bucket).digest('hex').slice(0, 8);
  return cloudNames(name, environment).of(`${of}-${mark}`);
}

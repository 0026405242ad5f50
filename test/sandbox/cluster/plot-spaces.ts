/** The emulated Spaces with the bucket and the key that the servers of a plot are told. */
import { createBucket } from '#sandbox/cloud/spaces/buckets';
import { allVersions, NULL_VERSION, removeVersion } from '#sandbox/cloud/spaces/object-versions';
import { startSpaces } from '#sandbox/cloud/spaces/spaces';
import { LOOPBACK_NETWORK } from '#test/loopback-network';
import { atEnd } from '#test/at-end';
import { newFolder } from '#test/new-folder';
import { SNAPSHOTS } from './droplets';

export interface PlotSpaces {
  readonly url: string;
  /** Keys of all objects. */
  objects(): string[];
  remove(key: string): void;
  /** Whether the servers' key opens the bucket. */
  open: boolean;
}

/** Ends with the tests of the file. */
export async function startPlotSpaces(): Promise<PlotSpaces> {
  const folder = newFolder('spaces');
  const { bucket, accessKey, secretKey, region } = SNAPSHOTS;
  const grants = [{ bucket, permission: 'readwrite' as const }];
  const spaces = await startSpaces({
    folder,
    address: `${LOOPBACK_NETWORK}.247.1`,
    port: 0,
    region,
    keys: (id) => (id === accessKey ? { secretKey, grants: plotSpaces.open ? grants : [] } : undefined),
  });
  atEnd(() => spaces.stop());
  createBucket(spaces.store, bucket);
  const plotSpaces: PlotSpaces = {
    url: spaces.endpoint,
    open: true,
    objects: () => allVersions(spaces.store, bucket).map(({ key }) => key),
    remove: (key) => void removeVersion(spaces.store, bucket, key, NULL_VERSION),
  };
  return plotSpaces;
}

/** Where the servers keep their etcd snapshots: a private bucket, and a key for this bucket only. */
import { SpacesBucket } from '@cdktf/provider-digitalocean/lib/spaces-bucket';
import { SpacesKey } from '@cdktf/provider-digitalocean/lib/spaces-key';
import { Construct } from 'constructs';
import { Id } from '../../.gen/providers/random/id';

export interface SnapshotBucketProps {
  /** Start of the bucket's name. */
  readonly name: string;
  /** A region with Spaces; droplets' regions do not all have it. */
  readonly region: string;
}

export class SnapshotBucket extends Construct {
  readonly bucket: SpacesBucket;
  readonly key: SpacesKey;

  constructor(scope: Construct, id: string, props: SnapshotBucketProps) {
    super(scope, id);
    // Bucket names are shared by all customers of a region.
    const suffix = new Id(this, 'suffix', { byteLength: 4 });
    this.bucket = new SpacesBucket(this, 'bucket', {
      name: `${props.name}-${suffix.hex}`,
      region: props.region,
      acl: 'private',
      // Snapshots outlive a careless destroy; `forge destroy` empties the bucket first.
      forceDestroy: false,
    });
    this.key = new SpacesKey(this, 'key', {
      name: props.name,
      grant: [{ bucket: this.bucket.name, permission: 'readwrite' }],
    });
  }
}

/** Where the servers keep their etcd snapshots: a private bucket that `forge bootstrap` made, and a key for this bucket only. */
import { SpacesKey } from '@cdktf/provider-digitalocean/lib/spaces-key';
import { Construct } from 'constructs';
import { replacedByGeneration } from '../generation';
import { Id } from '../../.gen/providers/random/id/index';

export interface SnapshotBucketProps {
  /** Name of the bucket. */
  readonly bucket: string;
  readonly keyName: string;
  /** Raising it makes another key. */
  readonly keyGeneration: number;
  /** Start of the folder's name. */
  readonly cluster: string;
}

export class SnapshotBucket extends Construct {
  readonly bucket: string;
  /** Under which a project holds it. */
  readonly urn: string;
  /** Of this cluster alone: a later one of the same name must not restore what only the keys of this one can read. */
  readonly folder: string;
  readonly key: SpacesKey;

  constructor(scope: Construct, id: string, props: SnapshotBucketProps) {
    super(scope, id);
    this.bucket = props.bucket;
    this.urn = `do:space:${props.bucket}`;
    this.folder = `${props.cluster}-${new Id(this, 'suffix', { byteLength: 4 }).hex}`;
    this.key = new SpacesKey(this, 'key', {
      name: props.keyName,
      grant: [{ bucket: this.bucket, permission: 'readwrite' }],
      lifecycle: replacedByGeneration(this, props.keyGeneration, 'key-generation'),
    });
  }
}

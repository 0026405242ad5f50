/** Where etcd snapshots are kept: in the bucket that a server's own configuration names, with the key that it names. */
import { withSpaces, type SpacesCall } from '#clients/spaces/client';
import { SpacesFailure } from '#clients/spaces/failure';
import type { SnapshotSettings } from '../k3s/k3s-settings';

export interface StoredSnapshot {
  readonly name: string;
  readonly modified: Date;
}

export type SnapshotStore = Pick<SpacesSnapshots, 'list' | 'read' | 'write' | 'remove'>;

export class SpacesSnapshots {
  /** @param endpoint URL by which the endpoint that a server is told, such as fra1.digitaloceanspaces.com, is reached here */
  constructor(private readonly endpoint: string) {}

  list(settings: SnapshotSettings): Promise<StoredSnapshot[]> {
    const prefix = `${settings.folder}/`;
    const query = { Bucket: settings.bucket, Prefix: prefix, Delimiter: '/' };
    return this.perform(settings, async (client, { paginateListObjectsV2 }) => {
      const snapshots: StoredSnapshot[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, query)) {
        for (const { Key = '', LastModified = new Date(0), Size = 0 } of Contents) {
          if (Size > 0) snapshots.push({ name: Key.slice(prefix.length), modified: LastModified });
        }
      }
      return snapshots;
    });
  }

  read(settings: SnapshotSettings, name: string): Promise<Buffer> {
    return this.perform(settings, async (s3, { GetObjectCommand }) => {
      const { Body } = await s3.send(new GetObjectCommand(objectOf(settings, name)));
      return Buffer.from(await Body!.transformToByteArray());
    });
  }

  async write(settings: SnapshotSettings, name: string, content: Buffer): Promise<void> {
    await this.perform(settings, (s3, { PutObjectCommand }) =>
      s3.send(new PutObjectCommand({ ...objectOf(settings, name), Body: content })),
    );
  }

  async remove(settings: SnapshotSettings, name: string): Promise<void> {
    await this.perform(settings, (s3, { DeleteObjectCommand }) =>
      s3.send(new DeleteObjectCommand(objectOf(settings, name))),
    );
  }

  private async perform<T>({ bucket, accessKey, secretKey }: SnapshotSettings, call: SpacesCall<T>): Promise<T> {
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
    try {
      return await withSpaces({ endpoint: this.endpoint, bucket, credentials }, (spaces) => spaces.perform(call));
    } catch (error) {
      // The client's advice is about a person's key, not about a server's.
      throw error instanceof SpacesFailure ? error.cause : error;
    }
  }
}

function objectOf({ bucket, folder }: SnapshotSettings, name: string): { Bucket: string; Key: string } {
  return { Bucket: bucket, Key: `${folder}/${name}` };
}

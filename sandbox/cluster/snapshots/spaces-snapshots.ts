/** The etcd snapshots in Spaces, read and written with the servers' own key. */
import type * as S3 from '@aws-sdk/client-s3';
import type { SnapshotSettings } from '../k3s/k3s-settings';
import type { SnapshotStore } from './snapshot-store';

/** @param endpoint URL by which the endpoint that a server is told, such as fra1.digitaloceanspaces.com, is reached here */
export function spacesSnapshots(endpoint: string): SnapshotStore {
  const perform = async <T>(
    settings: SnapshotSettings,
    call: (s3: S3.S3Client, sdk: typeof S3) => Promise<T>,
  ): Promise<T> => {
    // Loaded at the first use: it takes longer than everything else.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
    const sdk = await import('@aws-sdk/client-s3');
    const s3 = new sdk.S3Client({
      endpoint,
      region: settings.region,
      credentials: { accessKeyId: settings.accessKey, secretAccessKey: settings.secretKey },
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    try {
      return await call(s3, sdk);
    } finally {
      s3.destroy();
    }
  };
  const object = ({ bucket, folder }: SnapshotSettings, name: string) => ({ Bucket: bucket, Key: `${folder}/${name}` });
  return {
    list: (settings) =>
      perform(settings, async (s3, { paginateListObjectsV2 }) => {
        const prefix = `${settings.folder}/`;
        const snapshots = [];
        for await (const page of paginateListObjectsV2(
          { client: s3 },
          { Bucket: settings.bucket, Prefix: prefix, Delimiter: '/' },
        )) {
          for (const { Key = '', LastModified = new Date(0), Size = 0 } of page.Contents ?? []) {
            if (Size > 0) snapshots.push({ name: Key.slice(prefix.length), modified: LastModified });
          }
        }
        return snapshots;
      }),
    read: (settings, name) =>
      perform(settings, async (s3, { GetObjectCommand }) => {
        const { Body } = await s3.send(new GetObjectCommand(object(settings, name)));
        return Buffer.from(await Body!.transformToByteArray());
      }),
    write: (settings, name, content) =>
      perform(settings, async (s3, { PutObjectCommand }) => {
        await s3.send(new PutObjectCommand({ ...object(settings, name), Body: content }));
      }),
    remove: (settings, name) =>
      perform(settings, async (s3, { DeleteObjectCommand }) => {
        await s3.send(new DeleteObjectCommand(object(settings, name)));
      }),
  };
}

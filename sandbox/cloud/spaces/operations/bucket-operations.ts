/** Buckets over S3. Their settings are in bucket-settings.ts. */
import { receiveText } from '../protocol/body';
import { createBucket, deleteBucket, getBucket, listBuckets, type BucketAcl } from '../buckets';
import { operation, type Call } from './operation';
import { S3Error } from '../s3-error';
import { element, xmlDocument, type XmlElement } from '../protocol/xml';

export const OWNER: readonly XmlElement[] = [
  ['ID', 'sandbox'],
  ['DisplayName', 'sandbox'],
];

export const listBucketsOperation = operation('ListBuckets', 'fullaccess', ({ store }) => ({
  body: xmlDocument('ListAllMyBucketsResult', [
    ['Owner', OWNER],
    [
      'Buckets',
      listBuckets(store).map(({ name, createdAt }) =>
        element('Bucket', [
          ['Name', name],
          ['CreationDate', createdAt],
        ]),
      ),
    ],
  ]),
}));

export const createBucketOperation = operation('CreateBucket', 'fullaccess', async (call) => {
  // It may name a region, but the endpoint decides.
  await receiveText(call.request, call.signed);
  createBucket(call.store, call.bucket, { acl: cannedAcl(call) ?? 'private' });
  return { headers: { location: `/${call.bucket}` } };
});

export const deleteBucketOperation = operation('DeleteBucket', 'fullaccess', ({ store, bucket }) => {
  deleteBucket(store, bucket);
  return { status: 204 };
});

export const headBucket = operation('HeadBucket', 'read', ({ store, bucket }) => {
  const { region } = getBucket(store, bucket);
  return { headers: { 'x-amz-bucket-region': region } };
});

/** @throws S3Error InvalidArgument for anything but the two that Spaces offers */
export function cannedAcl({ request }: Call): BucketAcl | undefined {
  const acl = request.headers['x-amz-acl'];
  if (acl !== undefined && acl !== 'private' && acl !== 'public-read') {
    throw new S3Error('InvalidArgument', `The canned ACL ${acl} is not supported: use private or public-read.`);
  }
  return acl;
}

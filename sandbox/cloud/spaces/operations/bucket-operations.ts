/**
 * Buckets over S3: the buckets themselves, and location, versioning and ACL of one. A key that is limited to buckets may
 * ask where one is, and nothing else of these. Source: the ACL answers it 403 (owncloud/files_primary_s3 issue 690), as the
 * lifecycle does (live test in lightNVR's pull request 609); of the versioning nobody has said it.
 */
import { receiveText } from '../body';
import * as buckets from '../buckets';
import { S3Error } from '../s3-error';
import { blocksOf, element, textOf, xmlDocument, type XmlElement } from '../xml';
import { operation, type Call } from './operation';

export const OWNER: readonly XmlElement[] = [
  ['ID', 'sandbox'],
  ['DisplayName', 'sandbox'],
];
const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';

export const listBuckets = operation('ListBuckets', 'fullaccess', ({ store }) => {
  const found = buckets.listBuckets(store).map(({ name, createdAt }) =>
    element('Bucket', [
      ['Name', name],
      ['CreationDate', createdAt],
    ]),
  );
  return {
    body: xmlDocument('ListAllMyBucketsResult', [
      ['Owner', OWNER],
      ['Buckets', found],
    ]),
  };
});

export const createBucket = operation('CreateBucket', 'fullaccess', async (call) => {
  // It may name a region, but the endpoint decides.
  await receiveText(call.request);
  buckets.createBucket(call.store, call.bucket, { acl: cannedAcl(call) ?? 'private' });
  return { headers: { location: `/${call.bucket}` } };
});

export const deleteBucket = operation('DeleteBucket', 'fullaccess', ({ store, bucket }) => {
  buckets.deleteBucket(store, bucket);
  return { status: 204 };
});

export const headBucket = operation('HeadBucket', 'read', ({ store, bucket }) => {
  const { region } = buckets.getBucket(store, bucket);
  return { headers: { 'x-amz-bucket-region': region } };
});

export const getBucketLocation = operation('GetBucketLocation', 'read', ({ store, bucket }) => ({
  body: xmlDocument('LocationConstraint', buckets.getBucket(store, bucket).region),
}));

export const getBucketVersioning = operation('GetBucketVersioning', 'fullaccess', ({ store, bucket }) => ({
  body: xmlDocument('VersioningConfiguration', [['Status', buckets.getBucket(store, bucket).versioning]]),
}));

export const putBucketVersioning = operation('PutBucketVersioning', 'fullaccess', async (call) => {
  const versioning = textOf(await receiveText(call.request), 'Status');
  if (versioning !== 'Enabled' && versioning !== 'Suspended') {
    throw new S3Error('MalformedXML', 'The status of versioning is Enabled or Suspended.');
  }
  buckets.updateBucket(call.store, call.bucket, { versioning });
  return {};
});

export const getBucketAcl = operation('GetBucketAcl', 'fullaccess', ({ store, bucket }) => {
  const { acl } = buckets.getBucket(store, bucket);
  const owner = grant('CanonicalUser', OWNER, 'FULL_CONTROL');
  const grants = acl === 'private' ? [owner] : [owner, grant('Group', [['URI', ALL_USERS]], 'READ')];
  return {
    body: xmlDocument('AccessControlPolicy', [
      ['Owner', OWNER],
      ['AccessControlList', grants],
    ]),
  };
});

export const putBucketAcl = operation('PutBucketAcl', 'fullaccess', async (call) => {
  const document = await receiveText(call.request);
  const isPublic = blocksOf(document, 'URI').includes(ALL_USERS);
  buckets.updateBucket(call.store, call.bucket, { acl: cannedAcl(call) ?? (isPublic ? 'public-read' : 'private') });
  return {};
});

/** @throws S3Error InvalidArgument for anything but the two that Spaces offers */
function cannedAcl({ request }: Call): buckets.BucketAcl | undefined {
  const acl = request.headers['x-amz-acl'];
  if (acl !== undefined && acl !== 'private' && acl !== 'public-read') {
    throw new S3Error('InvalidArgument', `The canned ACL ${acl} is not supported: use private or public-read.`);
  }
  return acl;
}

function grant(type: string, grantee: readonly XmlElement[], permission: string): XmlElement {
  return [
    'Grant',
    [
      [`Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}"`, grantee],
      ['Permission', permission],
    ],
  ];
}

/**
 * The sub-resources of a bucket: location, versioning, ACL, lifecycle, and those that nobody sets. A key that is limited to
 * buckets may ask where one is, and nothing else. Sources: the lifecycle answers it 403 (live test in lightNVR's pull request
 * 609), the ACL too (owncloud/files_primary_s3 issue 690); for the others nobody has said, so they are taken to be the same.
 */
import { receiveText } from '../protocol/body';
import { cannedAcl, OWNER } from './bucket-operations';
import { getBucket, updateBucket } from '../buckets';
import { operation, type Answer } from './operation';
import { S3Error } from '../s3-error';
import { blocksOf, textOf, xmlDocument, type XmlElement } from '../protocol/xml';

const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';

export const getBucketLocation = operation('GetBucketLocation', 'read', ({ store, bucket }) => ({
  body: xmlDocument('LocationConstraint', getBucket(store, bucket).region),
}));

export const getBucketVersioning = operation('GetBucketVersioning', 'fullaccess', ({ store, bucket }) => ({
  body: xmlDocument('VersioningConfiguration', [['Status', getBucket(store, bucket).versioning]]),
}));

export const putBucketVersioning = operation('PutBucketVersioning', 'fullaccess', async (call) => {
  const versioning = textOf(await receiveText(call.request, call.signed), 'Status');
  if (versioning !== 'Enabled' && versioning !== 'Suspended') {
    throw new S3Error('MalformedXML', 'The status of versioning is Enabled or Suspended.');
  }
  updateBucket(call.store, call.bucket, { versioning });
  return {};
});

export const getBucketAcl = operation('GetBucketAcl', 'fullaccess', ({ store, bucket }) => {
  const { acl } = getBucket(store, bucket);
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
  const document = await receiveText(call.request, call.signed);
  const isPublic = blocksOf(document, 'URI').includes(ALL_USERS);
  updateBucket(call.store, call.bucket, { acl: cannedAcl(call) ?? (isPublic ? 'public-read' : 'private') });
  return {};
});

export const getBucketLifecycle = operation(
  'GetBucketLifecycleConfiguration',
  'fullaccess',
  ({ store, bucket }): Answer => {
    const { lifecycle } = getBucket(store, bucket);
    if (lifecycle === undefined) {
      throw new S3Error('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist');
    }
    return { body: lifecycle };
  },
);

export const putBucketLifecycle = operation('PutBucketLifecycleConfiguration', 'fullaccess', async (call) => {
  const lifecycle = await receiveText(call.request, call.signed);
  if (blocksOf(lifecycle, 'Rule').length === 0) throw new S3Error('MalformedXML', 'A lifecycle has at least one Rule.');
  updateBucket(call.store, call.bucket, { lifecycle });
  return {};
});

export const deleteBucketLifecycle = operation('DeleteBucketLifecycle', 'fullaccess', ({ store, bucket }) => {
  updateBucket(store, bucket, { lifecycle: undefined });
  return { status: 204 };
});

export const getBucketPolicy = operation('GetBucketPolicy', 'fullaccess', ({ store, bucket }): Answer => {
  getBucket(store, bucket);
  throw new S3Error('NoSuchBucketPolicy', 'The bucket policy does not exist');
});

export const getBucketCors = operation('GetBucketCors', 'fullaccess', ({ store, bucket }): Answer => {
  getBucket(store, bucket);
  throw new S3Error('NoSuchCORSConfiguration', 'The CORS configuration does not exist');
});

function grant(type: string, grantee: readonly XmlElement[], permission: string): XmlElement {
  return [
    'Grant',
    [
      [`Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}"`, grantee],
      ['Permission', permission],
    ],
  ];
}

/** Which operation a request asks for. */
import * as bucketOperations from './operations/bucket-operations';
import * as bucketSettings from './operations/bucket-settings';
import { copyObject } from './operations/copy-operation';
import { deleteObject, deleteObjects } from './operations/delete-operations';
import { listObjects, listObjectsV2, listObjectVersions } from './operations/list-operations';
import * as multipart from './operations/multipart-operations';
import { getObject, headObject, putObject } from './operations/object-operations';
import type { Operation } from './operations/operation';
import { S3Error } from './s3-error';
import type { S3Request } from './protocol/s3-request';

/** Operations by method and, after `?`, by the query parameter that selects the sub-resource. */
type Routes = Readonly<Record<string, Operation>>;

const SERVICE: Routes = { GET: bucketOperations.listBucketsOperation };

const BUCKET: Routes = {
  PUT: bucketOperations.createBucketOperation,
  DELETE: bucketOperations.deleteBucketOperation,
  HEAD: bucketOperations.headBucket,
  GET: listObjects,
  'GET?list-type': listObjectsV2,
  'GET?versions': listObjectVersions,
  'GET?uploads': multipart.listMultipartUploads,
  'GET?location': bucketSettings.getBucketLocation,
  'GET?versioning': bucketSettings.getBucketVersioning,
  'PUT?versioning': bucketSettings.putBucketVersioning,
  'GET?acl': bucketSettings.getBucketAcl,
  'PUT?acl': bucketSettings.putBucketAcl,
  'GET?lifecycle': bucketSettings.getBucketLifecycle,
  'PUT?lifecycle': bucketSettings.putBucketLifecycle,
  'DELETE?lifecycle': bucketSettings.deleteBucketLifecycle,
  'GET?policy': bucketSettings.getBucketPolicy,
  'GET?cors': bucketSettings.getBucketCors,
  'POST?delete': deleteObjects,
};

const OBJECT: Routes = {
  PUT: putObject,
  GET: getObject,
  HEAD: headObject,
  DELETE: deleteObject,
  'POST?uploads': multipart.createMultipartUpload,
  'PUT?uploadId': multipart.uploadPart,
  'GET?uploadId': multipart.listPartsOperation,
  'POST?uploadId': multipart.completeMultipartUpload,
  'DELETE?uploadId': multipart.abortMultipartUpload,
};

/** Sub-resources that S3 has and this store has not, so that they are not taken for the bucket or object itself. */
const SUB_RESOURCES = [
  ...['accelerate', 'acl', 'analytics', 'attributes', 'cors', 'delete', 'encryption', 'inventory', 'legal-hold'],
  ...['lifecycle', 'list-type', 'location', 'logging', 'metrics', 'notification', 'object-lock', 'ownershipControls'],
  ...['policy', 'policyStatus', 'publicAccessBlock', 'replication', 'requestPayment', 'restore', 'retention', 'select'],
  ...['tagging', 'torrent', 'uploadId', 'uploads', 'versioning', 'versions', 'website'],
];

/** @throws S3Error NotImplemented */
export function operationOf({ method, bucket, key, query, headers }: S3Request): Operation {
  const routes = key !== undefined ? OBJECT : bucket !== undefined ? BUCKET : SERVICE;
  const subResource = SUB_RESOURCES.find((name) => query.has(name));
  const route = subResource === undefined ? method : `${method}?${subResource}`;
  const found = routes[route];
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  if (found === undefined || (isCopy && found !== putObject)) {
    throw new S3Error(
      'NotImplemented',
      `${route} is not emulated for ${key !== undefined ? 'an object' : 'a bucket'}.`,
    );
  }
  return isCopy ? copyObject : found;
}

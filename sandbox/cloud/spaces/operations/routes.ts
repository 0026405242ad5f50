/** Which operation a request asks for. */
import type { S3Request } from '../request';
import { S3Error } from '../s3-error';
import * as buckets from './bucket-operations';
import { listObjectsV2, listObjectVersions } from './list-operations';
import * as multipart from './multipart-operations';
import * as objects from './object-operations';
import type { Operation } from './operation';

/** Operations by method and, after `?`, by the query parameter that selects the sub-resource. */
type Routes = Readonly<Record<string, Operation>>;

const SERVICE: Routes = { GET: buckets.listBuckets };

const BUCKET: Routes = {
  PUT: buckets.createBucket,
  DELETE: buckets.deleteBucket,
  HEAD: buckets.headBucket,
  'GET?list-type': listObjectsV2,
  'GET?versions': listObjectVersions,
  'GET?location': buckets.getBucketLocation,
  'GET?versioning': buckets.getBucketVersioning,
  'PUT?versioning': buckets.putBucketVersioning,
  'GET?acl': buckets.getBucketAcl,
  'PUT?acl': buckets.putBucketAcl,
};

const OBJECT: Routes = {
  PUT: objects.putObject,
  GET: objects.getObject,
  HEAD: objects.headObject,
  DELETE: objects.deleteObject,
  'POST?uploads': multipart.createMultipartUpload,
  'PUT?uploadId': multipart.uploadPart,
  'POST?uploadId': multipart.completeMultipartUpload,
  'DELETE?uploadId': multipart.abortMultipartUpload,
};

/** Parameters of a call. Every other one names a sub-resource, so that no unknown one is taken for the object itself. */
const PARAMETERS = new Set([
  'continuation-token',
  'delimiter',
  'encoding-type',
  'fetch-owner',
  'key-marker',
  'max-keys',
  'partNumber',
  'prefix',
  'start-after',
  'version-id-marker',
  'versionId',
  'x-id',
]);

/** @throws S3Error NotImplemented */
export function operationOf({ method, bucket, key, query, headers }: S3Request): Operation {
  const routes = key !== undefined ? OBJECT : bucket !== undefined ? BUCKET : SERVICE;
  const subResource = [...query.keys()].find((name) => !PARAMETERS.has(name));
  const route = subResource === undefined ? method : `${method}?${subResource}`;
  const found = routes[route];
  if (found === undefined || headers['x-amz-copy-source'] !== undefined) {
    const what = key !== undefined ? 'an object' : 'a bucket';
    throw new S3Error('NotImplemented', `${route} is not emulated for ${what}, and neither are copies.`);
  }
  return found;
}

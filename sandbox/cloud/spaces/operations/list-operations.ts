/** Listings of a bucket's objects and of their versions. */
import { OWNER } from './bucket-operations';
import { getBucket } from '../buckets';
import { listPage, pageSize } from './listing';
import { allVersions, type StoredVersion } from '../object-versions';
import { operation, type Call } from './operation';
import { S3Error } from '../s3-error';
import { element, xmlDocument, type XmlElement } from '../protocol/xml';

type Encode = (text: string) => string;

export const listObjects = operation('ListObjects', 'read', (call) => {
  const { query } = call.request;
  const marker = query.get('marker') ?? '';
  const { common, contents, page, encode } = objectPage(call, marker);
  const next = page.truncated && query.get('delimiter') ? page.last : undefined;
  return {
    body: xmlDocument('ListBucketResult', [
      ...common,
      ['Marker', encode(marker)],
      ['NextMarker', next === undefined ? undefined : encode(next)],
      ...contents,
    ]),
  };
});

export const listObjectsV2 = operation('ListObjectsV2', 'read', (call) => {
  const { query } = call.request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const after = token === undefined ? (startAfter ?? '') : Buffer.from(token, 'base64url').toString();
  const { common, contents, page, encode } = objectPage(call, after);
  const next = page.truncated && page.last !== undefined ? Buffer.from(page.last).toString('base64url') : undefined;
  return {
    body: xmlDocument('ListBucketResult', [
      ...common,
      ['KeyCount', page.entries.length + page.commonPrefixes.length],
      ['ContinuationToken', token],
      ['NextContinuationToken', next],
      ['StartAfter', startAfter === undefined ? undefined : encode(startAfter)],
      ...contents,
    ]),
  };
});

export const listObjectVersions = operation('ListObjectVersions', 'read', (call) => {
  const { query } = call.request;
  getBucket(call.store, call.bucket);
  const encode = encoding(call);
  const after = query.get('key-marker') ?? '';
  const all = allVersions(call.store, call.bucket);
  const page = listPage(all, { ...options(call), after, afterVersion: query.get('version-id-marker') || undefined });
  const newest = new Set(all.filter(({ key }, index) => all[index - 1]?.key !== key));
  const [nextKey, nextVersion] = page.truncated ? [page.last, page.entries.at(-1)?.id] : [];
  return {
    body: xmlDocument('ListVersionsResult', [
      ...commonElements(call, page.truncated, encode),
      ['KeyMarker', encode(after)],
      ['VersionIdMarker', query.get('version-id-marker') ?? ''],
      ['NextKeyMarker', nextKey === undefined ? undefined : encode(nextKey)],
      ['NextVersionIdMarker', nextVersion],
      ...page.entries.map((version) => versionElement(version, newest.has(version), encode)),
      ...prefixElements(page.commonPrefixes, encode),
    ]),
  };
});

function objectPage(call: Call, after: string) {
  getBucket(call.store, call.bucket);
  const encode = encoding(call);
  const all = allVersions(call.store, call.bucket);
  const current = all.filter(({ key, deleteMarker }, index) => all[index - 1]?.key !== key && !deleteMarker);
  const page = listPage(current, { ...options(call), after });
  const contents = [
    ...page.entries.map((version) => element('Contents', objectElements(version, encode))),
    ...prefixElements(page.commonPrefixes, encode),
  ];
  return { page, encode, contents, common: commonElements(call, page.truncated, encode) };
}

function options({ request: { query } }: Call) {
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter'),
    limit: pageSize(query.get('max-keys')),
  };
}

function encoding({ request: { query } }: Call): Encode {
  const type = query.get('encoding-type');
  if (type !== undefined && type !== 'url') throw new S3Error('InvalidArgument', 'The only encoding type is url.');
  return type === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/') : (text) => text;
}

function commonElements({ bucket, request: { query } }: Call, truncated: boolean, encode: Encode): XmlElement[] {
  const delimiter = query.get('delimiter');
  return [
    ['Name', bucket],
    ['Prefix', encode(query.get('prefix') ?? '')],
    ['Delimiter', delimiter === undefined ? undefined : encode(delimiter)],
    ['MaxKeys', pageSize(query.get('max-keys'))],
    ['EncodingType', query.get('encoding-type')],
    ['IsTruncated', truncated],
  ];
}

function objectElements({ key, modified, etag, size }: StoredVersion, encode: Encode): XmlElement[] {
  return [
    ['Key', encode(key)],
    ['LastModified', modified],
    ['ETag', `"${etag}"`],
    ['Size', size],
    ['StorageClass', 'STANDARD'],
  ];
}

function versionElement(version: StoredVersion, isLatest: boolean, encode: Encode): XmlElement {
  const { key, modified, id, deleteMarker } = version;
  const place: XmlElement[] = [
    ['VersionId', id],
    ['IsLatest', isLatest],
    ['Owner', OWNER],
  ];
  if (!deleteMarker) return ['Version', [...objectElements(version, encode), ...place]];
  return ['DeleteMarker', [['Key', encode(key)], ['LastModified', modified], ...place]];
}

function prefixElements(prefixes: readonly string[], encode: Encode): XmlElement[] {
  return prefixes.map((prefix) => ['CommonPrefixes', [['Prefix', encode(prefix)]]]);
}

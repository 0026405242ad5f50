/** Listings of a bucket's objects and of their versions. */
import { getBucket } from '../buckets';
import { allVersions, type StoredVersion } from '../object-versions';
import { S3Error } from '../s3-error';
import { element, xmlDocument, type XmlElement } from '../xml';
import { OWNER } from './bucket-operations';
import { operation, type Call } from './operation';

type Encode = (text: string) => string;

/** What the caller wants to see: by prefix, folded at a delimiter, up to a number. */
interface ListingOptions {
  readonly prefix: string;
  /** Keys that are equal up to it, after the prefix, are folded into one entry. */
  readonly delimiter: string | undefined;
  readonly limit: number;
}

interface Page {
  readonly entries: readonly StoredVersion[];
  readonly commonPrefixes: readonly string[];
  readonly truncated: boolean;
  /** Last entry or common prefix of the page: where the next one goes on. */
  readonly last: string;
}

const LARGEST_PAGE = 1000;

export const listObjectsV2 = operation('ListObjectsV2', 'read', (call) => {
  const { query } = call.request;
  getBucket(call.store, call.bucket);
  const encode = encoding(call);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const after = token === undefined ? (startAfter ?? '') : Buffer.from(token, 'base64url').toString();
  const all = allVersions(call.store, call.bucket);
  const current = all.filter(({ key, deleteMarker }, index) => all[index - 1]?.key !== key && !deleteMarker);
  const page = pageOf(afterKey(current, after), after, options(call));
  return {
    body: xmlDocument('ListBucketResult', [
      ...commonElements(call, page, encode),
      ['KeyCount', page.entries.length + page.commonPrefixes.length],
      ['ContinuationToken', token],
      ['NextContinuationToken', page.truncated ? Buffer.from(page.last).toString('base64url') : undefined],
      ['StartAfter', startAfter === undefined ? undefined : encode(startAfter)],
      ...page.entries.map((version) => element('Contents', objectElements(version, encode))),
      ...prefixElements(page, encode),
    ]),
  };
});

export const listObjectVersions = operation('ListObjectVersions', 'read', (call) => {
  const { query } = call.request;
  getBucket(call.store, call.bucket);
  const encode = encoding(call);
  const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('version-id-marker') ?? ''];
  const all = allVersions(call.store, call.bucket);
  const marked = all.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  const rest = marked < 0 ? afterKey(all, keyMarker) : all.slice(marked + 1);
  const page = pageOf(rest, keyMarker, options(call));
  const newest = new Set(all.filter(({ key }, index) => all[index - 1]?.key !== key));
  return {
    body: xmlDocument('ListVersionsResult', [
      ...commonElements(call, page, encode),
      ['KeyMarker', encode(keyMarker)],
      ['VersionIdMarker', idMarker],
      ['NextKeyMarker', page.truncated ? encode(page.last) : undefined],
      ['NextVersionIdMarker', page.truncated ? page.entries.at(-1)?.id : undefined],
      ...page.entries.map((version) => versionElement(version, newest.has(version), encode)),
      ...prefixElements(page, encode),
    ]),
  };
});

function options({ request: { query } }: Call): ListingOptions {
  const limit = Number(query.get('max-keys') ?? LARGEST_PAGE);
  if (!Number.isInteger(limit) || limit < 0) throw new S3Error('InvalidArgument', 'max-keys is not a number.');
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') || undefined,
    limit: Math.min(limit, LARGEST_PAGE),
  };
}

/** @param versions those after `after`, in the order of the bytes of their keys */
function pageOf(versions: readonly StoredVersion[], after: string, options: ListingOptions): Page {
  const { prefix, delimiter, limit } = options;
  const entries: StoredVersion[] = [];
  const commonPrefixes: string[] = [];
  let last = after;
  for (const version of versions) {
    if (!version.key.startsWith(prefix)) continue;
    const folded = foldedPrefix(version.key, prefix, delimiter);
    if (folded !== undefined && compareKeys(folded, last) <= 0) continue;
    if (entries.length + commonPrefixes.length >= limit) {
      return { entries, commonPrefixes, truncated: limit > 0, last };
    }
    if (folded === undefined) entries.push(version);
    else commonPrefixes.push(folded);
    last = folded ?? version.key;
  }
  return { entries, commonPrefixes, truncated: false, last };
}

function foldedPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

function afterKey(versions: readonly StoredVersion[], after: string): readonly StoredVersion[] {
  return after === '' ? versions : versions.filter(({ key }) => compareKeys(key, after) > 0);
}

/** Compares as S3 does: by the bytes of UTF-8, which differs from JavaScript beyond the basic plane. */
function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function encoding({ request: { query } }: Call): Encode {
  const type = query.get('encoding-type');
  if (type !== undefined && type !== 'url') throw new S3Error('InvalidArgument', 'The only encoding type is url.');
  return type === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/') : (text) => text;
}

function commonElements(call: Call, { truncated }: Page, encode: Encode): XmlElement[] {
  const { prefix, delimiter, limit } = options(call);
  return [
    ['Name', call.bucket],
    ['Prefix', encode(prefix)],
    ['Delimiter', delimiter === undefined ? undefined : encode(delimiter)],
    ['MaxKeys', limit],
    ['EncodingType', call.request.query.get('encoding-type')],
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

function prefixElements({ commonPrefixes }: Page, encode: Encode): XmlElement[] {
  return commonPrefixes.map((prefix) => ['CommonPrefixes', [['Prefix', encode(prefix)]]]);
}

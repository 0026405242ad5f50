/** A request as S3 sees it: which bucket, which key, which sub-resource. */
import type { IncomingMessage } from 'node:http';
import { S3Error } from '../s3-error';

export interface S3Request {
  readonly method: string;
  /** Undefined for calls that concern no single bucket. */
  readonly bucket: string | undefined;
  /** Undefined for calls that concern a bucket. */
  readonly key: string | undefined;
  /** Decoded path, as it was signed: with the bucket for path style, without for a bucket in the host name. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names; repeated ones joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

const LONGEST_KEY = 1024;
const PATH_STYLE_HOST = /^(?:\[[0-9a-f:]+\]|\d+\.\d+\.\d+\.\d+|localhost)$/i;
const BUCKET_HOST = /^(.+)\.(?:\d+\.\d+\.\d+\.\d+|localhost)$/i;

/** @throws S3Error InvalidURI, KeyTooLongError */
export function parseRequest(message: IncomingMessage): S3Request {
  const [rawPath = '/', ...rest] = (message.url ?? '/').split('?');
  const path = decode(rawPath);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
  const { bucket, key } = locate(path, bucketInHost(headers.host ?? ''));
  if (key !== undefined && Buffer.byteLength(key) > LONGEST_KEY) {
    throw new S3Error('KeyTooLongError', 'Your key is too long');
  }
  // A handler that stops reading must still be able to answer.
  const body: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false });
  return { method: message.method ?? 'GET', bucket, key, path, query: parseQuery(rest.join('?')), headers, body };
}

function bucketInHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '');
  return PATH_STYLE_HOST.test(name) ? undefined : BUCKET_HOST.exec(name)?.[1];
}

function locate(path: string, hostBucket: string | undefined): Pick<S3Request, 'bucket' | 'key'> {
  if (hostBucket !== undefined) return { bucket: hostBucket, key: path.slice(1) || undefined };
  const [, bucket, key] = /^\/([^/]*)\/?([\s\S]*)$/.exec(path) ?? [];
  return { bucket: bucket || undefined, key: key || undefined };
}

function parseQuery(text: string): ReadonlyMap<string, string> {
  const parameters = text.split('&').filter((parameter) => parameter !== '');
  return new Map(
    parameters.map((parameter) => {
      const [name = '', ...value] = parameter.split('=');
      return [decode(name), decode(value.join('='))];
    }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}

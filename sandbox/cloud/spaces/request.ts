/** A request as S3 sees it: which bucket, which key, which sub-resource. */
import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error';

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
/** A host of path style has one name less. */
const BUCKET_HOST = /^(.+)\.(?:\d+\.\d+\.\d+\.\d+|localhost)(?::\d+)?$/i;
/** The request line as an HTTP proxy receives it. `new URL` refuses `bucket.127.0.0.1`: a host that ends in a number. */
const ABSOLUTE_FORM = /^http:\/\/([^/?]*)([\s\S]*)$/i;

/** @throws S3Error InvalidURI, KeyTooLongError */
export function parseRequest(message: IncomingMessage): S3Request {
  const { method = 'GET', url = '/' } = message;
  const [, host = message.headers.host ?? '', target = url] = ABSOLUTE_FORM.exec(url) ?? [];
  const [rawPath = '', ...rest] = target.split('?');
  const path = decode(rawPath) || '/';
  const { bucket, key } = locate(path, BUCKET_HOST.exec(host)?.[1]);
  if (key !== undefined && Buffer.byteLength(key) > LONGEST_KEY) {
    throw new S3Error('KeyTooLongError', 'Your key is too long');
  }
  const headers = Object.entries(message.headers).map(([name, value = '']) => [name, String(value)] as const);
  return {
    method,
    bucket,
    key,
    path,
    query: parseQuery(rest.join('?')),
    headers: Object.fromEntries([...headers, ['host', host]]),
    // A handler that stops reading must still be able to answer.
    body: message.iterator({ destroyOnReturn: false }),
  };
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

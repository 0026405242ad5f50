/** A request as S3 sees it: which bucket, which key, which sub-resource. The bucket is in the path, never in the host's name. */
import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error';

export interface S3Request {
  readonly method: string;
  /** Undefined for calls that concern no single bucket. */
  readonly bucket: string | undefined;
  /** Undefined for calls that concern a bucket. */
  readonly key: string | undefined;
  /** Decoded path, as it was signed. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names; repeated ones joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

const LONGEST_KEY = 1024;

/** @throws S3Error InvalidURI, KeyTooLongError */
export function parseRequest(message: IncomingMessage): S3Request {
  const { method = 'GET', url = '/' } = message;
  const [rawPath = '', ...rest] = url.split('?');
  const path = decode(rawPath) || '/';
  const [, bucket, key] = /^\/([^/]*)\/?([\s\S]*)$/.exec(path) ?? [];
  if (Buffer.byteLength(key ?? '') > LONGEST_KEY) {
    throw new S3Error('KeyTooLongError', 'Your key is too long');
  }
  const headers = Object.entries(message.headers).map(([name, value = '']) => [name, String(value)] as const);
  return {
    method,
    bucket: bucket || undefined,
    key: key || undefined,
    path,
    query: parseQuery(rest.join('?')),
    headers: Object.fromEntries(headers),
    // A handler that stops reading must still be able to answer.
    body: message.iterator({ destroyOnReturn: false }),
  };
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

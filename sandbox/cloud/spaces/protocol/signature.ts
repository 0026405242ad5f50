/** AWS Signature Version 4, in the Authorization header or in the query of a presigned URL. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessKey, KeyLookup } from '../access-keys';
import { canonicalRequest } from './canonical-request';
import { S3Error } from '../s3-error';
import type { S3Request } from './s3-request';

/** What the checks of the body need from a request whose signature was right. */
export interface SignedRequest {
  readonly key: AccessKey;
  /** The body's SHA-256 in hexadecimal, or one of the names for a body that is signed in another way or not at all. */
  readonly payload: string;
  readonly signature: string;
  readonly signingKey: Buffer;
  /** `20260101/fra1/s3/aws4_request` */
  readonly scope: string;
  /** `20260101T000000Z` */
  readonly timestamp: string;
}

interface Claim {
  readonly accessKeyId: string;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly timestamp: string;
  readonly payload: string;
  /** Seconds; only of a presigned URL. */
  readonly expires?: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const LARGEST_SKEW_MS = 15 * 60_000;
const LONGEST_EXPIRY_S = 7 * 24 * 3600;
const BODYLESS = ['GET', 'HEAD', 'DELETE'];
export const EMPTY_SHA256 = createHash('sha256').digest('hex');

/**
 * Checks who sent a request. The region in the scope may be any: as with Spaces, the endpoint decides.
 *
 * @throws S3Error AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch, RequestTimeTooSkewed and others
 */
export function verifySignature(request: S3Request, keys: KeyLookup, now: Date): SignedRequest {
  const claim = request.query.has('X-Amz-Signature') ? presignedClaim(request) : headerClaim(request);
  const [date = '', region = '', ...end] = claim.scope.split('/');
  if (end.join('/') !== 's3/aws4_request' || !claim.timestamp.startsWith(date) || date === '') {
    throw new S3Error('InvalidRequest', `The credential scope ${claim.scope} is not <day>/<region>/s3/aws4_request.`);
  }
  checkTime(claim, now);
  checkSignedHeaders(request, claim.signedHeaders);
  const key = keys(claim.accessKeyId);
  if (key === undefined) {
    throw new S3Error('InvalidAccessKeyId', 'The access key ID you provided does not exist in our records.');
  }
  const signingKey = [date, region, 's3', 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${key.secretKey}`));
  const hash = createHash('sha256')
    .update(canonicalRequest(request, claim.signedHeaders, claim.payload))
    .digest('hex');
  const expected = hmac(signingKey, [ALGORITHM, claim.timestamp, claim.scope, hash].join('\n')).toString('hex');
  if (!sameSignature(expected, claim.signature)) throw signatureMismatch();
  const { payload, signature, scope, timestamp } = claim;
  return { key, payload, signature, signingKey, scope, timestamp };
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

export function sameSignature(expected: string, found: string): boolean {
  return (
    found.length === expected.length && timingSafeEqual(Buffer.from(expected, 'latin1'), Buffer.from(found, 'latin1'))
  );
}

export function signatureMismatch(): S3Error {
  return new S3Error(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}

function headerClaim({ method, headers }: S3Request): Claim {
  const { authorization = '' } = headers;
  if (authorization === '') throw new S3Error('AccessDenied', 'Access Denied');
  const found =
    /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([^,\s]+)$/.exec(
      authorization,
    );
  if (!found) throw new S3Error('InvalidRequest', `Only the signature ${ALGORITHM} is understood.`);
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] = found;
  return {
    accessKeyId,
    scope,
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp: headers['x-amz-date'] ?? '',
    payload: headers['x-amz-content-sha256'] ?? payloadWithoutHeader(method),
  };
}

/** Old versions of curl do not send the header with requests that have no body. */
function payloadWithoutHeader(method: string): string {
  if (BODYLESS.includes(method)) return EMPTY_SHA256;
  throw new S3Error('MissingContentSHA256', 'Missing required header for this request: x-amz-content-sha256');
}

function presignedClaim({ query, headers }: S3Request): Claim {
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) {
    throw new S3Error('InvalidRequest', `Only the signature ${ALGORITHM} is understood.`);
  }
  const [accessKeyId = '', ...scope] = (query.get('X-Amz-Credential') ?? '').split('/');
  return {
    accessKeyId,
    scope: scope.join('/'),
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    timestamp: query.get('X-Amz-Date') ?? '',
    payload: headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
    expires: Number(query.get('X-Amz-Expires')),
  };
}

function checkTime({ timestamp, expires }: Claim, now: Date): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (!match) throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const sent = Date.UTC(year, month - 1, day, hour, minute, second);
  if (expires === undefined) {
    if (Math.abs(now.getTime() - sent) > LARGEST_SKEW_MS) throw skewed();
    return;
  }
  if (!Number.isInteger(expires) || expires < 1 || expires > LONGEST_EXPIRY_S) {
    throw new S3Error('InvalidArgument', 'X-Amz-Expires must be between 1 and 604800 seconds');
  }
  if (sent - now.getTime() > LARGEST_SKEW_MS) throw skewed();
  if (now.getTime() > sent + expires * 1000) throw new S3Error('AccessDenied', 'Request has expired');
}

function skewed(): S3Error {
  return new S3Error(
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  );
}

/** A header that has a meaning for S3 and is not signed could have been added by somebody else. */
function checkSignedHeaders({ headers }: S3Request, signed: readonly string[]): void {
  const unsigned = Object.keys(headers).filter((name) => /^(host$|x-amz-)/.test(name) && !signed.includes(name));
  if (unsigned.length > 0) {
    throw new S3Error(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned.join(', ')}`,
    );
  }
}

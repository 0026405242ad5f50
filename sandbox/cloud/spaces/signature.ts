/** AWS Signature Version 4 in the Authorization header, checked by signing the request again. */
import { Sha256 } from '@smithy/core/checksum';
import { escapeUriPath, HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { sameSecret } from '../http/same-secret';
import type { AccessKey, KeyLookup } from './access-keys';
import type { S3Request } from './request';
import { S3Error } from './s3-error';

interface Claim {
  readonly accessKeyId: string;
  readonly region: string;
  readonly signedHeaders: ReadonlySet<string>;
  readonly signature: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/\d+\/([^/,\s]+)\/s3\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([^,\s]+)$/;
const LARGEST_SKEW_MS = 15 * 60_000;

/**
 * Finds out who sent a request. The region in the scope may be any: as with Spaces, the endpoint decides.
 *
 * @throws S3Error AccessDenied, InvalidAccessKeyId, InvalidRequest, RequestTimeTooSkewed, SignatureDoesNotMatch
 */
export async function verifySignature(request: S3Request, keys: KeyLookup, now: Date): Promise<AccessKey> {
  const claim = claimOf(request.headers.authorization);
  const time = signingTime(request.headers['x-amz-date']);
  if (Math.abs(now.getTime() - time.getTime()) > LARGEST_SKEW_MS) {
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
  checkSignedHeaders(request, claim.signedHeaders);
  const key = keys(claim.accessKeyId);
  if (key === undefined) {
    throw new S3Error('InvalidAccessKeyId', 'The access key ID you provided does not exist in our records.');
  }
  if (!sameSecret(await signatureOf(request, claim, key.secretKey, time), claim.signature)) {
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
  return key;
}

/** The signature that a request of this kind has from somebody who knows the secret. */
async function signatureOf(request: S3Request, claim: Claim, secretAccessKey: string, time: Date): Promise<string> {
  const { accessKeyId, region, signedHeaders } = claim;
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const unsigned = new HttpRequest({
    method: request.method,
    path: escapeUriPath(request.path),
    query: Object.fromEntries(request.query),
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => signedHeaders.has(name))),
  });
  const options = { signingDate: time, signableHeaders: new Set(signedHeaders) };
  const { headers } = await signer.sign(unsigned, options);
  return claimOf(headers.authorization).signature;
}

function claimOf(authorization: string | undefined): Claim {
  if (authorization === undefined) throw new S3Error('AccessDenied', 'Access Denied');
  const [, accessKeyId, region, signedHeaders, signature] = AUTHORIZATION.exec(authorization) ?? [];
  if (accessKeyId === undefined || region === undefined || signedHeaders === undefined || signature === undefined) {
    throw new S3Error('InvalidRequest', 'Only the signature AWS4-HMAC-SHA256 for the service s3 is understood.');
  }
  return { accessKeyId, region, signedHeaders: new Set(signedHeaders.split(';')), signature };
}

function signingTime(text = ''): Date {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const time = new Date(iso);
  if (iso === text || Number.isNaN(time.getTime())) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid x-amz-date header');
  }
  return time;
}

/** A header that has a meaning for S3 and is not signed could have been added by somebody else. */
function checkSignedHeaders({ headers }: S3Request, signed: ReadonlySet<string>): void {
  const unsigned = Object.keys(headers).filter((name) => /^(host$|x-amz-)/.test(name) && !signed.has(name));
  if (unsigned.length > 0) {
    throw new S3Error(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned.join(', ')}`,
    );
  }
}

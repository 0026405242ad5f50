/** Headers that are kept with an object and answered with it. */

const KEPT = [
  'content-type',
  'content-disposition',
  'content-language',
  'content-encoding',
  'cache-control',
  'expires',
];
const DEFAULT_TYPE = 'binary/octet-stream';

export function storedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => KEPT.includes(name) || name.startsWith('x-amz-meta-'));
  const { 'content-encoding': encoding, ...others } = Object.fromEntries(kept);
  const ownEncoding = withoutChunks(encoding ?? '');
  return {
    'content-type': DEFAULT_TYPE,
    ...others,
    ...(ownEncoding !== '' && { 'content-encoding': ownEncoding }),
  };
}

/** `aws-chunked` is how the request was sent, not what the object is. */
function withoutChunks(encoding: string): string {
  const encodings = encoding.split(',').map((one) => one.trim());
  return encodings.filter((one) => one !== '' && one !== 'aws-chunked').join(', ');
}

/** Keys in OpenSSH's own formats (PROTOCOL.key in its source). */
import { createHash, createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'nistp256',
  secp384r1: 'nistp384',
  secp521r1: 'nistp521',
};
const CIPHER_BLOCK = 8;
const LINE = 70;

export interface OpenSshKey {
  /** Empty for a curve that OpenSSH does not know. */
  readonly publicKey: string;
  readonly privateKey: string;
  /** Colon-separated hexadecimal. */
  readonly md5: string;
  /** `SHA256:` and base64 without padding. */
  readonly sha256: string;
}

/** The OpenSSH forms of a private key. */
export function openSshKey(pem: string): OpenSshKey {
  const parts = partsOf(createPrivateKey(pem));
  if (parts === undefined) return { publicKey: '', privateKey: '', md5: '', sha256: '' };
  const { name, publicParts, privateParts } = parts;
  const blob = strings(Buffer.from(name), ...publicParts);
  const md5 = createHash('md5').update(blob).digest('hex');
  return {
    publicKey: `${name} ${blob.toString('base64')}\n`,
    privateKey: privateKeyFile(blob, strings(Buffer.from(name), ...privateParts)),
    md5: md5.match(/../g)!.join(':'),
    sha256: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
  };
}

function privateKeyFile(publicBlob: Buffer, privateBlob: Buffer): string {
  const check = randomBytes(4);
  const comment = strings(Buffer.alloc(0));
  const secret = Buffer.concat([check, check, privateBlob, comment]);
  const padding = Buffer.from(
    Array.from({ length: (CIPHER_BLOCK - (secret.length % CIPHER_BLOCK)) % CIPHER_BLOCK }, (_, i) => i + 1),
  );
  const none = Buffer.from('none');
  const oneKey = Buffer.from([0, 0, 0, 1]);
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    strings(none, none, Buffer.alloc(0)),
    oneKey,
    strings(publicBlob, Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g'))!;
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

interface KeyParts {
  readonly name: string;
  readonly publicParts: readonly Buffer[];
  readonly privateParts: readonly Buffer[];
}

function partsOf(key: KeyObject): KeyParts | undefined {
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (key.asymmetricKeyType === 'ec' && curve === undefined) return undefined;
  const jwk = key.export({ format: 'jwk' }) as Record<string, string | undefined>;
  const part = (name: string) => Buffer.from(jwk[name]!, 'base64url');
  const number = (name: string) => positive(part(name));
  if (key.asymmetricKeyType === 'ed25519') {
    return {
      name: 'ssh-ed25519',
      publicParts: [part('x')],
      privateParts: [part('x'), Buffer.concat([part('d'), part('x')])],
    };
  }
  if (key.asymmetricKeyType === 'rsa') {
    return {
      name: 'ssh-rsa',
      publicParts: [number('e'), number('n')],
      privateParts: ['n', 'e', 'd', 'qi', 'p', 'q'].map(number),
    };
  }
  const point = Buffer.concat([Buffer.from([4]), part('x'), part('y')]);
  const publicParts = [Buffer.from(curve!), point];
  return { name: `ecdsa-sha2-${curve}`, publicParts, privateParts: [...publicParts, number('d')] };
}

/** SSH numbers are signed: one with its first bit set needs a zero before it. */
function positive(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const trimmed = start < 0 ? Buffer.alloc(0) : bytes.subarray(start);
  return trimmed.length > 0 && trimmed[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed;
}

function strings(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

/** What a further or a restored server needs besides etcd's own data. As in k3s it is kept in etcd, encrypted with the token. */
import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { BootFailure } from '../boot-failure';
import type { EtcdClient } from './etcd-client';

export interface BootstrapData {
  /** Hash of the server CA. */
  readonly caHash: string;
  readonly encryptionKey: Buffer;
}

const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ITERATIONS = 20_000;

/** A new cluster's own. */
export function newBootstrapData(caHash: string): BootstrapData {
  return { caHash, encryptionKey: randomBytes(32) };
}

export async function storeBootstrapData(etcd: EtcdClient, token: string, data: BootstrapData): Promise<void> {
  const text = JSON.stringify({ caHash: data.caHash, encryptionKey: data.encryptionKey.toString('base64') });
  await etcd.put(keyFor(token), encrypt(token, Buffer.from(text)));
}

/** @throws BootFailure if the data was stored with another token, or for another cluster */
export async function loadBootstrapData(etcd: EtcdClient, token: string, caHash: string): Promise<BootstrapData> {
  const stored = await etcd.get(keyFor(token));
  if (stored === undefined) {
    throw new BootFailure("The cluster's data was encrypted with another server token: the one of then is needed.");
  }
  const data = JSON.parse(decrypt(token, stored).toString()) as { caHash: string; encryptionKey: string };
  if (data.caHash !== caHash) throw new BootFailure("The cluster's data belongs to a cluster with another server CA.");
  return { caHash, encryptionKey: Buffer.from(data.encryptionKey, 'base64') };
}

/** Where the data is depends on the token, so that a wrong one finds nothing. */
function keyFor(token: string): string {
  return `/bootstrap/${createHash('sha256').update(token).digest('hex').slice(0, 12)}`;
}

function encrypt(token: string, plain: Buffer): Buffer {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, derive(token, salt), nonce);
  return Buffer.concat([salt, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(token: string, sealed: Buffer): Buffer {
  const salt = sealed.subarray(0, SALT_BYTES);
  const nonce = sealed.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, derive(token, salt), nonce);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const text = sealed.subarray(SALT_BYTES + NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(text), decipher.final()]);
}

function derive(token: string, salt: Buffer): Buffer {
  return pbkdf2Sync(token, salt, ITERATIONS, 32, 'sha256');
}

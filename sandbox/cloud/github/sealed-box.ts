/** Sealed boxes, in which GitHub takes secrets: only the holder of the private key can open them. */
import { randomInt } from 'node:crypto';
import sodium from 'libsodium-wrappers';
import type { BoxKeys } from './resources/box-keys';

/** libsodium is WebAssembly and must be loaded once before the other functions. */
export async function loadSodium(): Promise<void> {
  await sodium.ready;
}

export function newBoxKeys(): BoxKeys {
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  const id = `${randomInt(10 ** 12, 10 ** 13)}${randomInt(10 ** 5, 10 ** 6)}`;
  return { id, publicKey: toBase64(publicKey), privateKey: toBase64(privateKey) };
}

/** Seals a text for a public key, as callers of the API do. */
export function seal(text: string, publicKey: string): string {
  return toBase64(sodium.crypto_box_seal(text, fromBase64(publicKey)));
}

/** Opens a box. Undefined when it was sealed for another key, or is no box. */
export function unseal(box: string, { publicKey, privateKey }: BoxKeys): string | undefined {
  try {
    return sodium.to_string(
      sodium.crypto_box_seal_open(fromBase64(box), fromBase64(publicKey), fromBase64(privateKey)),
    );
  } catch {
    return undefined;
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

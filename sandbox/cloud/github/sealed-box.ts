/** Sealed boxes, in which GitHub takes secrets: only the holder of the private key can open them. */
import sodium from 'libsodium-wrappers';

/** Both base64. */
export interface KeyPair {
  readonly key: string;
  readonly private_key: string;
}

/** libsodium is WebAssembly and must be loaded once before the other functions. */
export async function loadSodium(): Promise<void> {
  await sodium.ready;
}

export function newKeyPair(): KeyPair {
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return { key: toBase64(publicKey), private_key: toBase64(privateKey) };
}

/** Opens a box. Undefined when it was sealed for another key, or is no box. */
export function unseal(box: string, { key, private_key }: KeyPair): string | undefined {
  try {
    return sodium.to_string(sodium.crypto_box_seal_open(fromBase64(box), fromBase64(key), fromBase64(private_key)));
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

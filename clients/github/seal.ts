/** Seals a secret as GitHub takes it: only GitHub can open it. */
import sodium from 'libsodium-wrappers';

/** @param key the public key that the API gives, base64 @returns the sealed box, base64 */
export async function seal(value: string, key: string): Promise<string> {
  await sodium.ready;
  const box = sodium.crypto_box_seal(value, new Uint8Array(Buffer.from(key, 'base64')));
  return Buffer.from(box).toString('base64');
}

/** Public keys of the age encryption tool: Bech32 (BIP 173) with the prefix `age`. */
import { bech32 } from '@scure/base';

/** A key of 32 bytes in 52 characters of 5 bits, and a checksum in 6. */
export const AGE_RECIPIENT_PATTERN = /^age1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{58}$/;

/** Whether the key is complete and has no typing mistake: its checksum finds any of up to four characters. */
export function isAgeRecipient(text: string): boolean {
  return AGE_RECIPIENT_PATTERN.test(text) && bech32.decodeUnsafe(text) !== undefined;
}

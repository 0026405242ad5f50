/** Public keys of the age encryption tool: Bech32 (BIP 173) with the prefix `age`. */

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const PREFIX = 'age';
/** A 32 byte key in 52 characters of 5 bits, and a checksum in 6. */
const DATA_LENGTH = 58;
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

export const AGE_RECIPIENT_PATTERN = new RegExp(`^${PREFIX}1[${CHARSET}]{${DATA_LENGTH}}$`);

/** Whether the key is complete and has no typing mistake: its checksum finds any of up to four characters. */
export function isAgeRecipient(text: string): boolean {
  if (!AGE_RECIPIENT_PATTERN.test(text)) return false;
  const data = [...text.slice(PREFIX.length + 1)].map((character) => CHARSET.indexOf(character));
  return checksum([...expandedPrefix(), ...data]) === 1;
}

function expandedPrefix(): number[] {
  const codes = [...PREFIX].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function checksum(values: readonly number[]): number {
  return values.reduce((sum, value) => {
    const top = sum >>> 25;
    const shifted = ((sum & 0x1ffffff) << 5) ^ value;
    return GENERATOR.reduce((result, term, bit) => ((top >> bit) & 1 ? result ^ term : result), shifted);
  }, 1);
}

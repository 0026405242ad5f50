/** bcrypt (Provos and Mazières, 1999), which Node's crypto does not have: the hash that random_password gives. */
import { randomBytes } from 'node:crypto';

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const MAX_KEY_BYTES = 72;
const SALT_BYTES = 16;
const HASH_BYTES = 23;
const SUBKEYS = 18;
const BOX = 256;
const TEXT = Buffer.from('OrpheanBeholderScryDoubt');
const TEXT_ROUNDS = 64;

/** Go's default. */
const DEFAULT_COST = 10;

/**
 * @param cost rounds as a power of two
 * @param salt 16 bytes
 * @returns `$2a$10$` and 53 characters
 */
export function bcrypt(password: string, cost = DEFAULT_COST, salt: Buffer = randomBytes(SALT_BYTES)): string {
  const key = Buffer.concat([Buffer.from(password), Buffer.alloc(1)]).subarray(0, MAX_KEY_BYTES);
  const state = initialState().slice();
  const [keyWords, saltWords] = [words(key, SUBKEYS), words(salt, SUBKEYS)];
  const noSalt = new Int32Array(SALT_BYTES / 4);
  expand(state, keyWords, words(salt, SALT_BYTES / 4));
  for (let round = 0; round < 2 ** cost; round++) {
    expand(state, keyWords, noSalt);
    expand(state, saltWords, noSalt);
  }
  const text = words(TEXT, TEXT.length / 4);
  for (let at = 0; at < text.length; at += 2) {
    for (let round = 0; round < TEXT_ROUNDS; round++) encipher(state, text, at);
  }
  const hash = Buffer.alloc(TEXT.length);
  text.forEach((word, index) => hash.writeInt32BE(word, index * 4));
  return `$2a$${String(cost).padStart(2, '0')}$${encode(salt)}${encode(hash.subarray(0, HASH_BYTES))}`;
}

/** Words of four bytes; bytes that end too early begin again. */
function words(bytes: Buffer, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, word) =>
    [0, 1, 2, 3].reduce((sum, byte) => (sum << 8) | bytes[(word * 4 + byte) % bytes.length]!, 0),
  );
}

/** Mixes key and salt into the subkeys and boxes. */
function expand(state: Int32Array, key: Int32Array, salt: Int32Array): void {
  for (let at = 0; at < SUBKEYS; at++) state[at]! ^= key[at]!;
  const block = new Int32Array(2);
  for (let at = 0; at < state.length; at += 2) {
    block[0]! ^= salt[at % salt.length]!;
    block[1]! ^= salt[(at + 1) % salt.length]!;
    encipher(state, block, 0);
    state[at] = block[0]!;
    state[at + 1] = block[1]!;
  }
}

/** Blowfish on two words. */
function encipher(state: Int32Array, block: Int32Array, at: number): void {
  let left = block[at]! ^ state[0]!;
  let right = block[at + 1]!;
  for (let round = 1; round < SUBKEYS - 1; round += 2) {
    right ^= mix(state, left) ^ state[round]!;
    left ^= mix(state, right) ^ state[round + 1]!;
  }
  block[at] = right ^ state[SUBKEYS - 1]!;
  block[at + 1] = left;
}

function mix(state: Int32Array, word: number): number {
  const first = state[SUBKEYS + (word >>> 24)]!;
  const second = state[SUBKEYS + BOX + ((word >>> 16) & 0xff)]!;
  const third = state[SUBKEYS + 2 * BOX + ((word >>> 8) & 0xff)]!;
  const fourth = state[SUBKEYS + 3 * BOX + (word & 0xff)]!;
  return (((first + second) ^ third) + fourth) | 0;
}

let fraction: Int32Array | undefined;

/** Subkeys and boxes begin as the fraction of pi. */
function initialState(): Int32Array {
  const count = SUBKEYS + 4 * BOX;
  fraction ??= words(
    Buffer.from(
      fractionOfPi(count * 32)
        .toString(16)
        .padStart(count * 8, '0'),
      'hex',
    ),
    count,
  );
  return fraction;
}

/** By Machin's formula: pi is 16 arctan(1/5) - 4 arctan(1/239). */
function fractionOfPi(bits: number): bigint {
  const guard = 64n;
  const one = 1n << (BigInt(bits) + guard);
  const arctan = (inverse: bigint) => {
    let sum = 0n;
    let sign = 1n;
    for (let power = one / inverse, n = 1n; power > 0n; power /= inverse * inverse, n += 2n, sign = -sign) {
      sum += (sign * power) / n;
    }
    return sum;
  };
  const pi = 16n * arctan(5n) - 4n * arctan(239n);
  return (pi - 3n * one) >> guard;
}

/** Base64 with an alphabet of its own. */
function encode(bytes: Buffer): string {
  return bytes
    .toString('base64')
    .replaceAll('=', '')
    .replaceAll(/./g, (character) => ALPHABET[BASE64.indexOf(character)]!);
}

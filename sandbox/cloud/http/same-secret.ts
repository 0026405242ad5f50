import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in constant time, so that the time of an answer tells nothing about the secret, not even its length. */
export function sameSecret(known: string, given: string): boolean {
  return timingSafeEqual(digest(known), digest(given));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

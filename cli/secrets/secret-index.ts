/** Finds secrets in texts, in every form in which they may stand there. Linear in the text, however many secrets there are. */

/** Shorter ones are found as a whole value only: as a part they would be everywhere. */
const SHORTEST_PART = 6;
/** Shorter ones are hidden at their own place only: a sensitive `true` or `2` must not hide every other. */
const SHORTEST_WHOLE = 4;
/** Lines of a longer secret, such as a script with a password in it, that are long enough to be told from others. */
const SHORTEST_LINE = 20;
const HASHES = 65_521;

export interface SecretIndex {
  add(secret: string): void;
  /** Whether a text is a secret or has one in it. */
  isIn(text: string): boolean;
  /** Whether a text is nothing but a secret. */
  isWhole(text: string): boolean;
}

/** @param lines false: of a longer secret nothing but the whole is looked for. The text of a private key has its public one in it */
export function secretIndex({ lines = true } = {}): SecretIndex {
  const whole = new Set<string>();
  const parts = partIndex();
  return {
    add(secret) {
      if (secret.length < SHORTEST_WHOLE || whole.has(secret)) return;
      whole.add(secret);
      for (const text of [secret, ...partsOf(secret, lines)]) for (const form of forms(text)) parts.add(form);
    },
    isIn: (text) => whole.has(text) || parts.isIn(text),
    isWhole: (text) => whole.has(text),
  };
}

/** By their beginnings, then by their lengths: many secrets may begin alike, but few differ in length as well. */
function partIndex(): Omit<SecretIndex, 'isWhole'> {
  const byBeginning = new Map<string, Map<number, Set<string>>>();
  const isBeginning = new Uint8Array(HASHES);
  return {
    add(part) {
      if (part.length < SHORTEST_PART) return;
      const byLength = entryOf(byBeginning, part.slice(0, SHORTEST_PART), () => new Map<number, Set<string>>());
      entryOf(byLength, part.length, () => new Set<string>()).add(part);
      isBeginning[hashAt(part, 0)] = 1;
    },
    isIn(text) {
      for (let at = 0; at + SHORTEST_PART <= text.length; at++) {
        if (isBeginning[hashAt(text, at)] === 0) continue;
        for (const [length, parts] of byBeginning.get(text.slice(at, at + SHORTEST_PART)) ?? []) {
          if (parts.has(text.slice(at, at + length))) return true;
        }
      }
      return false;
    },
  };
}

/** Of the first four characters: most places in a text are told apart by it without making a string. */
function hashAt(text: string, at: number): number {
  const sum = text.charCodeAt(at) * 29_791 + text.charCodeAt(at + 1) * 961 + text.charCodeAt(at + 2) * 31;
  return (sum + text.charCodeAt(at + 3)) % HASHES;
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function partsOf(secret: string, withLines: boolean): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const long = withLines && lines.length > 1 ? lines.filter(({ length }) => length >= SHORTEST_LINE) : [];
  return [secret.trim(), decoded(secret), ...long].filter((text) => text !== secret && text !== '');
}

/** What a text in Base64 stands for; empty when it is none. */
function decoded(text: string): string {
  const compact = text.trim();
  if (compact.length < SHORTEST_PART || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact) || compact.length % 4 !== 0) return '';
  const bytes = Buffer.from(compact, 'base64').toString('utf8');
  return bytes.includes('\ufffd') ? '' : bytes;
}

function forms(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  return [text, escaped, encodeURIComponent(text.toWellFormed()), ...base64Forms(text), ...base64Forms(escaped)];
}

/** Inside of a longer text that is encoded as a whole, a secret begins at any of three places. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last character also encode bits of what stands before and after the secret.
    const core = encoded.slice(shift === 0 ? 0 : shift + 1, (shift + bytes.length) % 3 === 0 ? undefined : -1);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Finds secrets in texts, in every form in which they may stand there. Linear in the text, however many secrets there are. */

/** Shorter ones are found as a whole value only: as a part they would be everywhere. */
const SHORTEST_PART = 6;
/** Shorter ones are hidden at their own place only: a sensitive `true` or `2` must not hide every other. */
const SHORTEST_WHOLE = 4;
/** Lines of a longer secret, such as a script with a password in it, that are long enough to be told from others. */
const SHORTEST_LINE = 20;

export interface SecretIndex {
  add(secret: string): void;
  /** Whether a text is a secret or has one in it. */
  isIn(text: string): boolean;
}

export function secretIndex(): SecretIndex {
  const whole = new Set<string>();
  const byBeginning = new Map<string, string[]>();
  const addPart = (part: string) => {
    if (part.length < SHORTEST_PART || whole.has(`part ${part}`)) return;
    whole.add(`part ${part}`);
    const beginning = part.slice(0, SHORTEST_PART);
    const known = byBeginning.get(beginning);
    if (known === undefined) byBeginning.set(beginning, [part]);
    else known.push(part);
  };
  return {
    add(secret) {
      if (secret.length < SHORTEST_WHOLE || whole.has(`whole ${secret}`)) return;
      whole.add(`whole ${secret}`);
      for (const text of [secret, ...parts(secret)]) for (const form of forms(text)) addPart(form);
    },
    isIn(text) {
      if (whole.has(`whole ${text}`)) return true;
      for (let at = 0; at + SHORTEST_PART <= text.length; at++) {
        const candidates = byBeginning.get(text.slice(at, at + SHORTEST_PART));
        if (candidates?.some((candidate) => text.startsWith(candidate, at))) return true;
      }
      return false;
    },
  };
}

function parts(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const long = lines.length > 1 ? lines.filter(({ length }) => length >= SHORTEST_LINE) : [];
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
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text.toWellFormed()), ...base64Forms(text)];
}

/** Inside of a longer text that is encoded as a whole, a secret begins at any of three places. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last characters depend on the neighbours.
    const core = encoded.slice(shift === 0 ? 0 : shift + 1, (shift + bytes.length) % 3 === 0 ? undefined : -1);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

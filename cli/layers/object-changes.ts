/** What differs between two versions of an object, one line for each field, without secrets. */
import { isDeepStrictEqual } from 'node:util';
import { shortened } from '#cli/output/markdown';
import type { Redaction } from '#cli/plan/comment/redaction';
import { plainLines, secretLines } from '#cli/secrets/secret-lines';
import { isSecretEntry } from '#cli/secrets/secret-pairs';
import { HIDDEN } from '#cli/secrets/secret-values';

const LONGEST_VALUE = 120;
const MOST_LINES = 40;

/** `spec.replicas: 1 -> 3`; of a text of several lines, those that go and come. */
export function objectChanges(before: unknown, after: unknown, redaction: Redaction): string[] {
  const lines = new Comparison(redaction).maps('', asMap(before), asMap(after));
  const rest = lines.length - MOST_LINES;
  return rest > 0 ? [...lines.slice(0, MOST_LINES), `(${rest} more)`] : lines;
}

type Fields = Readonly<Record<string, unknown>>;

class Comparison {
  constructor(private readonly redaction: Redaction) {}

  maps(path: string, before: Fields, after: Fields): string[] {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => this.fields(`${path}${this.step(name)}`, name, before, after).map(withoutDot));
  }

  private fields(path: string, name: string, before: Fields, after: Fields): string[] {
    const [old, next] = [own(before, name), own(after, name)];
    if (isDeepStrictEqual(old ?? null, next ?? null)) return [];
    const isSecret = [before, after].some((owner) => isSecretEntry(owner, name));
    if (isSecret) return [`${path}: ${HIDDEN} -> ${HIDDEN}`];
    if (isMap(old) && isMap(next)) return this.maps(path, old, next);
    const [oldItems, nextItems] = [byName(old), byName(next)];
    if (oldItems !== undefined && nextItems !== undefined) return this.items(path, oldItems, nextItems);
    if (isText(old) && isText(next)) return this.texts(path, old, next);
    const isHidden = this.redaction.hides([before, after], { type: '', name, sensitive: false });
    return [`${path}: ${isHidden ? `${HIDDEN} -> ${HIDDEN}` : `${shown(old)} -> ${shown(next)}`}`];
  }

  /** Of a list whose items have names of their own. */
  private items(path: string, before: Fields, after: Fields): string[] {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = names.flatMap((name) => {
      return this.fields(`${path}[${this.shownName(name)}]`, name, before, after);
    });
    return changed.length > 0 ? changed : [`${path}: in another order`];
  }

  private texts(path: string, before: string, after: string): string[] {
    const [old, next] = [this.shownLines(before), this.shownLines(after)];
    let [start, end] = [0, 0];
    while (start < Math.min(old.length, next.length) && old[start] === next[start]) start++;
    const rest = Math.min(old.length, next.length) - start;
    while (end < rest && old.at(-1 - end) === next.at(-1 - end)) end++;
    const changed = (sign: string, lines: readonly string[]) =>
      lines.slice(start, lines.length - end).map((line) => `  ${sign} ${shortened(line, LONGEST_VALUE)}`);
    const lines = [...changed('-', old), ...changed('+', next)];
    return lines.length > 0 ? [`${path}:`, ...lines] : [`${path}: ${HIDDEN} -> ${HIDDEN}`];
  }

  private shownLines(text: string): string[] {
    const lines = plainLines(text);
    const secret = secretLines(lines, this.redaction.isKnown);
    return lines.map((line, index) => (secret.has(index) ? HIDDEN : line));
  }

  private step(name: string): string {
    return /^[\w-]+$/.test(name) ? `.${this.shownName(name)}` : `[${this.shownName(name)}]`;
  }

  private shownName(name: string): string {
    return this.redaction.hidesName(name) ? HIDDEN : name;
  }
}

function withoutDot(line: string): string {
  return line.replace(/^\./, '');
}

/** Undefined for what is no list of maps with a name each. */
function byName(value: unknown): Fields | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const items = value as readonly unknown[];
  const named = items.map((item) => (isMap(item) && typeof item['name'] === 'string' ? item['name'] : undefined));
  if (named.includes(undefined) || new Set(named).size !== named.length) return undefined;
  return Object.fromEntries(items.map((item, index) => [named[index]!, item]));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n');
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : shortened(JSON.stringify(value), LONGEST_VALUE);
}

function own(object: Fields, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function asMap(value: unknown): Fields {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

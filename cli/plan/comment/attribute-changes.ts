/** Which attributes of a resource change, in words that fit on a line each. */
import type { Change, Mask, ResourceChange } from '../plan-file';
import { shortened } from '#cli/output/markdown';
import { maskAt, type Redaction } from './redaction';

const LONGEST_VALUE = 100;
const HIDDEN = '(sensitive)';
const UNKNOWN = '(known after the deploy)';

/** `size: "s-1vcpu-1gb" -> "s-2vcpu-2gb" (forces replacement)` */
export function attributeChanges({ type, change }: ResourceChange, redaction: Redaction): string[] {
  const { before, after, after_unknown: unknown } = change;
  return changedAttributes(change).map((name) => {
    const [old, next] = [own(before, name), own(after, name)];
    const isUnknown = holds(maskAt(unknown, name));
    const sensitive = [maskAt(change.before_sensitive, name), maskAt(change.after_sensitive, name)] as Mask;
    const isHidden = redaction.hides([before, after], { type, name, sensitive });
    const shownName = redaction.hidesName(name) ? HIDDEN : name;
    const from = isHidden ? HIDDEN : shown(old);
    const to = isUnknown ? UNKNOWN : isHidden ? HIDDEN : shown(next);
    return `${shownName}: ${from} -> ${to}${forcesReplacement(change, name) ? ' (forces replacement)' : ''}`;
  });
}

/** Names, in order. */
export function changedAttributes({ before, after, after_unknown: unknown }: Change): string[] {
  if (!isObject(before) || (!isObject(after) && after !== undefined && after !== null)) return [];
  const names = new Set([
    ...Object.keys(before),
    ...Object.keys(after ?? {}),
    ...Object.keys(isObject(unknown) ? unknown : {}),
  ]);
  const isChanged = (name: string) => holds(maskAt(unknown, name)) || !isSame(own(before, name), own(after, name));
  return [...names].filter(isChanged).sort();
}

function forcesReplacement({ replace_paths: paths = [] }: Change, name: string): boolean {
  return paths.some(([first]) => first === name);
}

function shown(value: unknown): string {
  return value === undefined ? 'null' : shortened(JSON.stringify(value), LONGEST_VALUE);
}

/** The order of keys is no difference. */
function isSame(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) {
    if (Array.isArray(one) && Array.isArray(other))
      return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
    return (one ?? null) === (other ?? null);
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSame(own(one, name), own(other, name)));
}

/** An attribute may be called `constructor`. */
function own(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function holds(mask: Mask): boolean {
  if (typeof mask !== 'object' || mask === null) return mask === true;
  return Object.values(mask).some(holds);
}

/** A release's values as its chart sees them: YAML documents, then single settings by path. */
import { parse } from 'yaml';
import type { ValueObject } from '../engine/resource';
import { blocks, text, texts } from '../attributes';

export interface Values {
  readonly [key: string]: unknown;
}

/** What the state may hold of a release's values. */
export function cloaked(values: Values, state: ValueObject): Values {
  const names = blocks(state, 'set_sensitive').map((setting) => text(setting, 'name').split('.'));
  return names.map((name) => nested(name, '(sensitive value)')).reduce(merged, values);
}

/** Later ones win, in YAML 1.1, where `y` is true; lists are replaced whole, as helm does. */
export function releaseValues(planned: ValueObject): Values {
  const documents = texts(planned, 'values').map((document) => (parse(document, { version: '1.1' }) ?? {}) as Values);
  const single = blocks(planned, 'set_sensitive').map((setting) =>
    nested(text(setting, 'name').split('.'), text(setting, 'value')),
  );
  return [...documents, ...single].reduce(merged, {});
}

function nested([key = '', ...others]: readonly string[], value: string): Values {
  return { [key]: others.length === 0 ? value : nested(others, value) };
}

function merged(below: Values, above: Values): Values {
  const both = Object.entries(above).map(([key, value]) => {
    const other = below[key];
    return [key, isMapping(value) && isMapping(other) ? merged(other, value) : value];
  });
  return { ...below, ...(Object.fromEntries(both) as Values) };
}

function isMapping(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

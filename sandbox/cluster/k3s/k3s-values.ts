/** Reads config.yaml and config.yaml.d of a droplet into the values that k3s would see as its flags. */
import { closest } from 'fastest-levenshtein';
import { parseDocument } from 'yaml';
import { BootFailure } from '../boot-failure';
import type { DropletDisk } from '../droplet/droplet-disk';
import type { Flags, FlagType } from './k3s-flags';

export const K3S_CONFIG = '/etc/rancher/k3s/config.yaml';
const DROP_INS = `${K3S_CONFIG}.d`;
/** In a drop-in, `key+` adds to the list that an earlier file started. */
const APPEND = '+';

/** All values are texts: k3s turns its file into command-line flags. */
export type K3sValues = ReadonlyMap<string, readonly string[]>;

/** @throws BootFailure naming file and key, for anything that k3s would refuse or pass over */
export function readK3sValues(disk: DropletDisk, flags: Flags): K3sValues {
  const dropIns = disk.list(DROP_INS).filter((name) => /\.ya?ml$/.test(name));
  const values = new Map<string, readonly string[]>();
  for (const file of [K3S_CONFIG, ...dropIns.map((name) => `${DROP_INS}/${name}`)]) {
    for (const [key, value] of Object.entries(parseFile(file, disk.read(file).toString()))) {
      const appended = key.endsWith(APPEND);
      const name = appended ? key.slice(0, -APPEND.length) : key;
      const items = check(file, name, value, flags);
      values.set(name, appended ? [...(values.get(name) ?? []), ...items] : items);
    }
  }
  return values;
}

function parseFile(file: string, text: string): Record<string, unknown> {
  const document = parseDocument(text, { version: '1.1' });
  const error = document.errors[0];
  if (error !== undefined) throw new BootFailure(`${file} is not YAML: ${error.message.split('\n', 1)[0]}`);
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new BootFailure(`${file} is not a list of keys and values.`);
  }
  return content as Record<string, unknown>;
}

function check(file: string, name: string, value: unknown, flags: Flags): string[] {
  const type = flags.get(name);
  if (type === undefined) {
    throw new BootFailure(`${file}: k3s knows no "${name}" here. Did you mean "${closest(name, [...flags.keys()])}"?`);
  }
  const items = (Array.isArray(value) ? value : [value]).map((item) => asText(file, name, item));
  if (Array.isArray(value) && type !== 'list') throw new BootFailure(`${file}: "${name}" takes one value, not a list.`);
  for (const item of items) checkType(file, name, type, item);
  return items;
}

function asText(file: string, name: string, item: unknown): string {
  if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return String(item).trim();
  throw new BootFailure(`${file}: "${name}" has no value, or one with a structure.`);
}

function checkType(file: string, name: string, type: FlagType, item: string): void {
  if (type === 'switch' && !/^(true|false)$/.test(item))
    throw new BootFailure(`${file}: "${name}" must be true or false.`);
  if (type === 'number' && !/^\d+$/.test(item)) throw new BootFailure(`${file}: "${name}" must be a number.`);
  if (item === '') throw new BootFailure(`${file}: "${name}" is empty.`);
}

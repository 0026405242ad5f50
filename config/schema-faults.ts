/** What the schema finds wrong, and what is left of the data without it. */
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Fault, KeyPath } from './fault';
import { describeValue, valueAt } from './found';
import { type ForgeConfig, forgeSchema } from './schema';

/** A part of a configuration that is right as far as it goes: what is absent was absent or wrong. */
export type Sound<T> = T extends readonly (infer Item)[]
  ? readonly (Sound<Item> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Sound<T[K]> }
    : T;

export interface Checked {
  /** Present when there are no faults. */
  readonly config?: ForgeConfig;
  readonly sound: Sound<ForgeConfig>;
  readonly faults: readonly Fault[];
}

/** Finds every fault that lies in one key alone. */
export function checkSchema(data: unknown): Checked {
  const result = forgeSchema.safeParse(data, { error: structureFault });
  if (result.success) return { config: result.data, sound: result.data, faults: [] };
  const faults = firstOfEachPath(result.error.issues.flatMap((issue) => faultsOf(issue, data)));
  const sound = faults.reduce<unknown>((rest, { path }) => without(rest, path), data);
  return { sound: sound ?? {}, faults };
}

/** Words for what zod says about the shape; everything else has its own words in the schema. */
function structureFault({ code, expected }: { code?: string; expected?: unknown }): string | undefined {
  if (code !== 'invalid_type') return undefined;
  if (expected === 'array') return 'a list, each item after a dash';
  return expected === 'object' || expected === 'record' ? 'keys and values, indented below it' : undefined;
}

function faultsOf(issue: z.core.$ZodIssue, data: unknown): Fault[] {
  const path = issue.path as KeyPath;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_key') {
    const allowed = issue.issues[0]?.message ?? issue.message;
    return [{ path, found: `the key ${JSON.stringify(path.at(-1))}`, allowed }];
  }
  return [{ path, found: describeValue(valueAt(data, path), path), allowed: issue.message }];
}

function unknownKey(path: KeyPath, key: string): Fault {
  const known = knownKeys(forgeSchema, path);
  return {
    path: [...path, key],
    found: `the unknown key ${JSON.stringify(key)}`,
    allowed: `did you mean ${closest(key, known)}? The keys here are ${known.join(', ')}`,
  };
}

/** Keys of the object that a path leads to. */
function knownKeys(schema: z.core.$ZodType, path: KeyPath): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return knownKeys(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return knownKeys(schema.element, path.slice(1));
  if (!(schema instanceof z.ZodObject)) return [];
  const [key, ...rest] = path;
  const child = key === undefined ? undefined : (schema.shape[key] as z.core.$ZodType);
  return child === undefined ? Object.keys(schema.shape) : knownKeys(child, rest);
}

function firstOfEachPath(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ path }) => {
    const key = JSON.stringify(path);
    return !seen.has(key) && seen.add(key);
  });
}

/** A copy without what a path leads to. Items of a list keep their numbers. */
function without(value: unknown, [part, ...rest]: KeyPath): unknown {
  if (part === undefined || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === part ? without(item, rest) : item));
  }
  const entries = Object.entries(value).map(([key, child]: [string, unknown]) =>
    key === String(part) ? [key, without(child, rest)] : [key, child],
  );
  return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
}

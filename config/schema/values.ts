/** Building blocks of the schema. Each carries in words what is allowed: error messages end with it. */
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';

/** A string that matches. */
export function text(pattern: RegExp, allowed: string): z.ZodString {
  return z.string(allowed).regex(pattern, allowed);
}

/** A string that passes a test which no pattern can express. */
export function textThat(test: (value: string) => boolean, allowed: string): z.ZodString {
  return z.string(allowed).refine(test, allowed);
}

export function integer(min: number, max: number, allowed: string): z.ZodInt {
  return z.int(allowed).min(min, allowed).max(max, allowed);
}

export function flag(): z.ZodBoolean {
  return z.boolean('true or false');
}

/** One of a few words, which the message lists. */
export function oneOf<const T extends string>(values: readonly [T, ...T[]]): z.ZodEnum<{ [K in T]: K }> {
  return z.enum(values, `one of ${values.join(', ')}`);
}

/** One of many words: the message names the nearest. */
export function oneOfMany(values: readonly string[], allowed: string): z.ZodEnum<Record<string, string>> {
  const error = ({ input }: { input?: unknown }) =>
    typeof input === 'string' && values.length > 0
      ? `${allowed}; the nearest is ${closest(input, [...values])}`
      : allowed;
  return z.enum(values as [string, ...string[]], { error });
}

export const email = text(
  /^[^\s@<>"']{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$/,
  'an e-mail address, such as ops@example.org',
);

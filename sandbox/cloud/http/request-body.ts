import { z } from 'zod';
import { ApiError } from './api-error';
import type { RestRequest } from './routes';

/** The body of a request, or the answer 422 that says what is wrong with it. */
export function bodyOf<T>({ body }: Pick<RestRequest, 'body'>, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new ApiError(422, 'unprocessable_entity', faults.join('; '));
}

/** A whole number of a range. */
export function between(first: number, last: number): z.ZodInt {
  const message = `must be between ${first} and ${last}`;
  return z.int().min(first, message).max(last, message);
}

/** A list that callers may leave out; clients in Go send null for an empty one. */
export function listOf<T extends z.ZodType>(item: T): z.ZodType<z.infer<T>[], z.input<T>[] | null | undefined> {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

/** The answers that the real API gives to what it refuses. */
import type { z } from 'zod';
import { ApiError } from '../http/api-error';

/** A field, and the rule that it breaks. */
interface Problem {
  readonly resource: string;
  /** Absent for what is wrong with the whole. */
  readonly field?: string;
  /** Absent with a code that says it. */
  readonly message?: string;
  /** The default is `custom`: the message says it. */
  readonly code?: 'custom' | 'invalid';
}

export class ValidationFailed extends ApiError {
  constructor(readonly problems: readonly Problem[]) {
    super(422, 'validation_failed', 'Validation Failed');
  }
}

export function notFound(): ApiError {
  return new ApiError(404, 'not_found', 'Not Found');
}

export function validationFailed(resource: string, field: string, message: string): ApiError {
  return new ValidationFailed([{ resource, field, message }]);
}

export function pullRefused(problem: Omit<Problem, 'resource'>): ApiError {
  return new ValidationFailed([{ resource: 'PullRequest', ...problem }]);
}

/** The value as the schema takes it, or the answer 422 that says which rules it breaks. */
export function checked<T>(resource: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({ resource, field: path.join('.'), message }));
  throw new ValidationFailed(problems);
}

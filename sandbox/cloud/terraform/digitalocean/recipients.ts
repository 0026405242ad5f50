import type { ValueObject } from '../engine/resource';
import { blocks } from '../attributes';

interface Recipients extends ValueObject {
  readonly email: readonly string[];
  readonly slack: readonly ValueObject[];
}

/** Whom an alert tells, of its block; godo sends both lists, empty as null. */
export function recipientsOf(planned: ValueObject, block: string): ValueObject {
  const [{ email = null, slack = null } = {}] = blocks(planned, block);
  return { email, slack };
}

export function blockOfRecipients({ email, slack }: Recipients): ValueObject[] {
  return [{ email, slack }];
}

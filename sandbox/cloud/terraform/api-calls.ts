/** Calls of an emulated API from a provider: its errors become the provider's. */
import { ApiError, ConnectionLost, isNotFound } from '../http/api-error';
import { ProviderCrash, ProviderError, type ValueObject } from './engine/resource';

/** How a provider words an error of its API. */
export type Wording = (error: ApiError) => string;

/**
 * Does something through the API.
 *
 * @param action how the real provider begins its message, such as `Error creating VPC`; may be empty
 */
export async function calling<T>(action: string, wording: Wording, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConnectionLost) throw new ProviderCrash(error.message);
    if (error instanceof ApiError) throw new ProviderError([action, wording(error)].filter(Boolean).join(': '));
    throw error;
  }
}

/** Reads a resource; null when the API does not have it. */
export function reading(
  action: string,
  wording: Wording,
  work: () => Promise<ValueObject | null>,
): Promise<ValueObject | null> {
  return calling(action, wording, () => unlessGone(work, null));
}

/** Deletes a resource; one that is gone already is fine. */
export function deleting(action: string, wording: Wording, work: () => Promise<unknown>): Promise<void> {
  return calling(action, wording, async () => {
    await unlessGone(work, undefined);
  });
}

async function unlessGone<T>(work: () => Promise<T>, gone: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isNotFound(error)) return gone;
    throw error;
  }
}

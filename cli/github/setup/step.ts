/** What is missing on GitHub, and how it is made. */
import { isNotFound } from '#clients/failure';
import type { GithubClient } from '#clients/github/client';
import type { Repository } from '#clients/github/own-post';
import type { ForgeConfig } from '#config/schema';

export interface SetupContext {
  readonly client: GithubClient;
  readonly place: Repository;
  readonly config: ForgeConfig;
}

export interface Step {
  /** For a person: what differs. Never a value that is secret. */
  readonly what: string;
  /** Undefined for what only a person can do. */
  readonly apply?: () => Promise<unknown>;
}

/** An answer's data; undefined where GitHub says that there is no such thing. */
export async function ifThere<T>(request: Promise<{ data: T }>): Promise<T | undefined> {
  try {
    return (await request).data;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Whether everything that is wanted is there with the same value; more may be. */
export function holds(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const list: readonly unknown[] = Array.isArray(found) ? found : [];
    return list.length === wanted.length && wanted.every((one) => list.some((other) => holds(other, one)));
  }
  if (typeof wanted !== 'object' || wanted === null) return found === wanted;
  if (typeof found !== 'object' || found === null) return false;
  return Object.entries(wanted).every(([key, value]) => holds((found as Record<string, unknown>)[key], value));
}

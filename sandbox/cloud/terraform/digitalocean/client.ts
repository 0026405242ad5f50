/** What a connection to the emulated DigitalOcean provider works with. */
import type { ApiError } from '#sandbox/cloud/http/api-error';
import { withToken, type Account, type Session } from '#sandbox/cloud/account/session';
import type { ValueObject } from '../engine/resource';
import * as api from '../api-calls';
import { text } from '../attributes';

export interface DigitalOceanClient {
  readonly session: Session;
}

/**
 * The client of a provider block. The real provider takes what the block leaves out from the environment of Terraform, which
 * the emulated one cannot see: without a token in the block it has none, and the API refuses it.
 */
export function clientOf(account: Account, config: ValueObject): DigitalOceanClient {
  return { session: withToken(account, text(config, 'token')) };
}

export function calling<T>(action: string, work: () => Promise<T>): Promise<T> {
  return api.calling(action, wording, work);
}

export function reading(action: string, work: () => Promise<ValueObject | null>): Promise<ValueObject | null> {
  return api.reading(action, wording, work);
}

export function deleting(action: string, work: () => Promise<unknown>): Promise<void> {
  return api.deleting(action, wording, work);
}

function wording({ endpoint, status, requestId, message }: ApiError): string {
  const call = endpoint === undefined ? '' : `${endpoint.method} ${endpoint.url}: `;
  return `${call}${status} (request "${requestId}") ${message}`;
}

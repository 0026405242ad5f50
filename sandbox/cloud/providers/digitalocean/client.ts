/** What a connection to the emulated DigitalOcean provider works with. */
import type { ApiError } from '../../api/api-error';
import type { SpacesSession } from '../../account/buckets';
import { withToken, type Account, type Session } from '../../account/session';
import type { ValueObject } from '../../engine/resource';
import * as api from '../api-calls';
import { optionalText, text } from '../attributes';

export interface DigitalOceanClient {
  readonly session: Session;
  readonly spaces: SpacesSession;
}

/**
 * The client of a provider block. The real provider takes what the block leaves out from the environment of Terraform, which
 * the emulated one cannot see: without a token in the block it has none, and the API refuses it.
 */
export function clientOf(account: Account, config: ValueObject): DigitalOceanClient {
  const accessKeyId = optionalText(config, 'spaces_access_id') ?? account.spacesOwner.accessKeyId;
  const secretAccessKey = optionalText(config, 'spaces_secret_key') ?? account.spacesOwner.secretAccessKey;
  return {
    session: withToken(account, text(config, 'token')),
    spaces: { account, credentials: { accessKeyId, secretAccessKey } },
  };
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

/** What a connection to the emulated DigitalOcean provider works with. */
import type { ApiError } from '../../api/api-error';
import type { SpacesSession } from '../../account/buckets';
import { withToken, type Account, type Session } from '../../account/session';
import type { ValueObject } from '../../engine/resource';
import * as api from '../api-calls';
import { optionalText } from '../attributes';

export interface DigitalOceanClient {
  readonly session: Session;
  readonly spaces: SpacesSession;
}

/**
 * The client of a provider block. The real provider takes what the block leaves out from the environment of Terraform;
 * the emulated one runs in another process and uses the account's own credentials instead.
 */
export function clientOf(account: Account, config: ValueObject): DigitalOceanClient {
  const [deploy] = account.tokens;
  const accessKeyId = optionalText(config, 'spaces_access_id') ?? account.spacesOwner.accessKeyId;
  const secretAccessKey = optionalText(config, 'spaces_secret_key') ?? account.spacesOwner.secretAccessKey;
  return {
    session: withToken(account, optionalText(config, 'token') ?? deploy!.value),
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

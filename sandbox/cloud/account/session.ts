/** A caller of the emulated DigitalOcean API, and what each of its requests goes through. */
import type { SpacesCredentials } from '#config/environment';
import type { Endpoint } from '../http/api-error';
import { perform } from '../http/call';
import { noConditions, type Conditions } from '../http/faults';
import type { Machines } from '../machines';
import type { Store } from '../spaces/store';
import type { Quotas } from './quotas';
import type { AccountState } from './state';
import { authorise, type ApiToken } from './tokens';

const API = 'https://api.digitalocean.com';

/** The account: plain data, and the machines behind it. */
export interface Account {
  readonly state: AccountState;
  readonly tokens: ApiToken[];
  /** Where the buckets are. */
  readonly store: Store;
  /** The owner's own Spaces key, with full access. */
  readonly spacesOwner: SpacesCredentials;
  readonly quotas: Quotas;
  /** Second octet of the sandbox's own part of 127.0.0.0/8, for public addresses. */
  readonly publicOctet: number;
  /** TCP ports that a reserved IP passes on. */
  readonly reservedIpPorts: readonly number[];
  readonly runtime: Machines;
  readonly conditions: Conditions;
  /** Emulated seconds until a machine that is told to shut down is off; nobody really waits so long. */
  shutdownSeconds: number;
  /** Boots under way or done in this process, by droplet. */
  readonly boots: Map<number, Promise<void>>;
  /** Droplets and reserved IPs in the middle of an event, by their urns. */
  readonly events: Set<string>;
  /** What the runtime was last told to forward, by id. */
  readonly forwarded: Map<string, string>;
  /** The forwarding that is being told at the moment. */
  forwarding: Promise<void>;
  readonly save: () => void;
}

/** Who calls the API: by a token, or the control panel, which needs none and meets no faults. */
export interface Session {
  readonly account: Account;
  readonly token: string | undefined;
}

/** A caller with a token. */
export function withToken(account: Account, token: string): Session {
  return { account, token };
}

/** The owner at the control panel: for drift in tests, and for the sandbox's own needs. */
export function controlPanel(account: Account): Session {
  return { account, token: undefined };
}

/**
 * One request: the token's scopes, latency and faults, the rules, and the write to disk.
 *
 * @param scopes such as `vpc:create`; the first is also the name for faults and latency
 * @param path such as `/v2/vpcs`
 */
export async function request<T>(
  { account, token }: Session,
  scopes: string | readonly [string, ...string[]],
  method: Endpoint['method'],
  path: string,
  work: () => T | Promise<T>,
): Promise<T> {
  const conditions = token === undefined ? noConditions() : account.conditions;
  const needed = typeof scopes === 'string' ? ([scopes] as const) : scopes;
  const authorised = () => {
    if (token !== undefined) for (const scope of needed) authorise(account.tokens, token, scope);
    return work();
  };
  return perform(conditions, { operation: needed[0], method, url: `${API}${path}` }, authorised, account.save);
}

/** The time as the API writes it. */
export function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/** The emulated DigitalOcean account: what it holds, in the API's own words, and the machines behind it. */
import { randomInt, randomUUID } from 'node:crypto';
import { collectionOf, type Collection } from '../http/collection';
import { noConditions, type Conditions } from '../http/faults';
import { loadState, saveState } from '../http/saved-state';
import type { Machines } from '../machines';
import { notFound } from './errors';
import type { ApiToken } from './tokens';

/** All that is saved. */
interface AccountState {
  readonly owner: { readonly id: number; readonly uuid: string };
  /** Last numbers given away, by kind. */
  readonly sequence: Record<string, number>;
  /** What every kind holds, by the API's name of the list: `droplets`, `vpcs`. */
  readonly held: Record<string, Held[]>;
}

/** What things of different kinds name each other by, and are found by in a project. */
export interface Held {
  readonly urn?: string;
  /** The project that it is in; some kinds are in none. */
  project_id?: string;
  vpc_uuid?: string;
  droplet_id?: number | null;
  droplet_ids?: number[];
  tags?: string[];
  /** Public. */
  readonly ip?: string;
  readonly networks?: { readonly v4: readonly { readonly ip_address: string }[] };
}

/** Objects that an account may hold at most. The real limits are DigitalOcean's decision and differ by account. */
interface Quotas {
  readonly droplets: number;
  readonly volumes: number;
  readonly load_balancers: number;
  readonly reserved_ips: number;
}

/** 25 droplets is what an account in good standing is reported to get, three reserved IPs is documented. */
const DEFAULT_QUOTAS: Quotas = { droplets: 25, volumes: 100, load_balancers: 10, reserved_ips: 3 };

export interface Account {
  readonly state: AccountState;
  readonly tokens: ApiToken[];
  /** Of the people of the team, the owner's first: alerts go to no other. */
  readonly verifiedEmails: readonly string[];
  /** Names of the buckets, which come and go over S3. */
  readonly buckets: () => readonly string[];
  readonly quotas: Quotas;
  /** The sandbox's own range of public addresses (CIDR). */
  readonly publicRange: string;
  readonly machines: Machines;
  readonly conditions: Conditions;
  /** Emulated seconds until a machine that is told to shut down is off; nobody really waits so long. */
  shutdownSeconds: number;
  readonly save: () => void;
}

/** Who calls the API. */
export interface Caller {
  readonly account: Account;
  readonly token: ApiToken;
}

export interface AccountOptions extends Pick<
  Account,
  'tokens' | 'verifiedEmails' | 'buckets' | 'machines' | 'publicRange'
> {
  /** Where the account is kept, with mode 0600: it holds user data and keys. */
  readonly file: string;
  readonly quotas?: Partial<Quotas>;
}

/** Less than the 30 s that a node may take. One whose containers are not stopped takes 90 s more (k3s-io/k3s#2400). */
const SHUTDOWN_SECONDS = 20;

/**
 * Opens the saved account, or makes a new one. Its machines are not started: see `startMachines`.
 *
 * @param furnish puts into a new account what every account holds
 */
export function openAccount(options: AccountOptions, furnish: (account: Account) => void): Account {
  const { file, tokens, verifiedEmails, buckets, publicRange, machines } = options;
  const saved = loadState<AccountState>(file);
  const state = saved ?? newState();
  const account: Account = {
    state,
    tokens,
    verifiedEmails,
    buckets,
    quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
    publicRange,
    machines,
    conditions: noConditions(),
    shutdownSeconds: SHUTDOWN_SECONDS,
    save: () => saveState(file, state),
  };
  if (saved === undefined) furnish(account);
  account.save();
  return account;
}

function newState(): AccountState {
  return {
    owner: { id: randomInt(1_000_000, 99_999_999), uuid: randomUUID() },
    // As large as today's real numbers, so that a 32-bit mistake shows.
    sequence: { droplets: randomInt(500_000_000, 600_000_000), domain_records: 1_790_000_000, ssh_keys: 50_000_000 },
    held: {},
  };
}

/** The next number of a kind. */
export function nextId({ state }: Account, kind: string): number {
  return (state.sequence[kind] = (state.sequence[kind] ?? 0) + 1);
}

/**
 * @param name the API's path of the list, such as `droplets`
 * @param id the field that a path names a thing by
 */
export function collection<T extends Held>(name: string, id: keyof T & string): Collection<Account, T> {
  return collectionOf(name, id, notFound);
}

/** Everything in the account, of whatever kind. */
export function everything({ state }: Account): Held[] {
  return Object.values(state.held).flat();
}

/** The time as the API writes it. */
export function timestamp(time = Date.now()): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

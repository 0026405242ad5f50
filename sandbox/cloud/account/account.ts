/** Opens the emulated DigitalOcean account. */
import type { SpacesCredentials } from '#config/environment';
import { noConditions } from '../http/faults';
import { loadState, saveState } from '../http/saved-state';
import type { Machines } from '../machines';
import type { Store } from '../spaces/store';
import { presetDomain } from './domains';
import { presetProject } from './projects';
import { DEFAULT_QUOTAS, type Quotas } from './quotas';
import { timestamp, type Account } from './session';
import { presetSshKey } from './ssh-keys';
import { emptyState, type AccountState } from './state';
import { accountTokens } from './tokens';

const KUBERNETES_API_PORT = 6443;
/** Less than the 30 s that a node may take. One whose containers are not stopped takes 90 s more (k3s-io/k3s#2400). */
const SHUTDOWN_SECONDS = 20;

export interface AccountOptions {
  /** Where the account is kept, with mode 0600: it holds user data and keys. */
  readonly file: string;
  /** Values of the two preset tokens. */
  readonly tokens: { readonly deploy: string; readonly cluster: string };
  /** The emulated Spaces' store, which the account's buckets are in. */
  readonly store: Store;
  /** The owner's own Spaces key, with full access. */
  readonly spacesOwner: SpacesCredentials;
  readonly runtime: Machines;
  /** Second octet of the sandbox's own part of 127.0.0.0/8, for public addresses. */
  readonly publicOctet: number;
  /** What a new account holds before the first deploy. */
  readonly presets?: {
    /** DNS zone. */
    readonly domain?: string;
    readonly sshKeys?: readonly { readonly name: string; readonly publicKey: string }[];
  };
  readonly quotas?: Partial<Quotas>;
  /** TCP ports that a reserved IP passes on; the default is the Kubernetes API's. */
  readonly reservedIpPorts?: readonly number[];
}

/** Opens the saved account, or makes a new one with its presets. Machines are not started: see `startMachines`. */
export function openAccount(options: AccountOptions): Account {
  const state = loadState<AccountState>(options.file) ?? newState(options);
  const account: Account = {
    state,
    tokens: accountTokens(options.tokens),
    store: options.store,
    spacesOwner: options.spacesOwner,
    quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
    publicOctet: options.publicOctet,
    reservedIpPorts: options.reservedIpPorts ?? [KUBERNETES_API_PORT],
    runtime: options.runtime,
    conditions: noConditions(),
    shutdownSeconds: SHUTDOWN_SECONDS,
    boots: new Map(),
    events: new Set(),
    forwarded: new Map(),
    forwarding: Promise.resolve(),
    save: () => saveState(options.file, state),
  };
  account.save();
  return account;
}

function newState({ presets = {} }: AccountOptions): AccountState {
  const state = emptyState();
  state.projects.push(presetProject(state.owner, timestamp()));
  if (presets.domain !== undefined) state.domains.push(presetDomain(state, presets.domain));
  for (const { name, publicKey } of presets.sshKeys ?? []) state.sshKeys.push(presetSshKey(state, name, publicKey));
  return state;
}

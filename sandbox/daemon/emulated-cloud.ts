/** The emulated DigitalOcean with its Spaces and machines, and the emulated GitHub. */
import { join } from 'node:path';
import type { ForgeConfig } from '#config/schema';
import { openAccount } from '../cloud/account/account';
import { mayReach } from '../cloud/account/packets';
import type { Account } from '../cloud/account/session';
import { spacesKeyLookup } from '../cloud/account/spaces-keys';
import { startGithub, type RunningGithub } from '../cloud/github/api';
import { startDigitalOceanApi } from '../cloud/rest/digitalocean/digitalocean-api';
import { startSpaces } from '../cloud/spaces/spaces';
import type { Store } from '../cloud/spaces/store';
import { createClusterRuntime, type SandboxRuntime } from '../cluster/runtime';
import { DIGITALOCEAN_API_PORT, GITHUB_API_PORT, servicesAddress, SPACES_PORT } from '../place/environment';
import type { SandboxFolder } from '../place/folder';
import type { SandboxSettings } from '../place/settings';

/** What a sandbox's background process is made from. */
export interface SandboxParts {
  readonly folder: SandboxFolder;
  readonly settings: SandboxSettings;
  readonly config: ForgeConfig;
  /** Paths of the programs by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

export interface EmulatedCloud {
  readonly account: Account;
  readonly github: RunningGithub;
  readonly runtime: SandboxRuntime;
  /** Of the emulated Spaces. */
  readonly store: Store;
  stop(): Promise<void>;
}

export async function startEmulatedCloud(options: SandboxParts): Promise<EmulatedCloud> {
  const { folder, settings, config, tools, log } = options;
  const address = servicesAddress(settings);
  const cloud: { account?: Account } = {};
  const runtime = createClusterRuntime({
    ...{ folder: folder.cluster, tools, log },
    spaces: `http://${address}:${SPACES_PORT}`,
    // Minutes on a droplet. Shorter than the start of a first server, which everybody waits for.
    installMs: 3000,
    mayReach: (id, host, port) => cloud.account !== undefined && mayReach(cloud.account.state, id, host, port),
  });
  const spaces = await startSpaces({
    folder: folder.spaces,
    address,
    port: SPACES_PORT,
    region: config.state.region,
    keys: (id) => (cloud.account === undefined ? undefined : spacesKeyLookup(cloud.account)(id)),
  });
  const account = openAccount({
    file: join(folder.cloud, 'digitalocean.json'),
    tokens: { deploy: settings.digitalOceanToken, cluster: settings.clusterToken },
    store: spaces.store,
    spacesOwner: settings.spaces,
    runtime,
    publicOctet: settings.network,
    presets: { domain: config.domain },
  });
  cloud.account = account;
  const github = await startGithub({
    file: join(folder.cloud, 'github.json'),
    repository: config.repository,
    tokens: [{ value: settings.githubToken, permissions: 'full' }],
    address,
    port: GITHUB_API_PORT,
  });
  const digitalOcean = await startDigitalOceanApi(account, { address, port: DIGITALOCEAN_API_PORT });
  return {
    ...{ account, github, runtime, store: spaces.store },
    stop: async () => {
      await Promise.all([digitalOcean.stop(), github.stop()]);
      await runtime.stop();
      await spaces.stop();
    },
  };
}

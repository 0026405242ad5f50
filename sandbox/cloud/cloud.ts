/**
 * The emulated cloud: DigitalOcean with its Spaces, and GitHub. What they hold is reached over HTTP only; here it is opened,
 * tied to the machines, and what people do on the vendors' own pages is done.
 */
import { join } from 'node:path';
import type { ForgeConfig } from '#config/schema';
import {
  DIGITALOCEAN_API_PORT,
  GITHUB_API_PORT,
  publicRange,
  servicesAddress,
  SPACES_PORT,
} from '#sandbox/place/environment';
import type { SandboxFolder } from '#sandbox/place/folder';
import type { SandboxSettings } from '#sandbox/place/settings';
import { openAccount } from './digitalocean/account';
import { startDigitalOceanApi } from './digitalocean/api';
import { addDomain } from './digitalocean/domain';
import { startMachines } from './digitalocean/forwarders';
import { mayReach } from './digitalocean/packets';
import { addDefaultProject } from './digitalocean/project';
import { spacesKeyLookup } from './digitalocean/spaces-key';
import { accountTokens, makeToken } from './digitalocean/tokens';
import { startGithub, type RunningGithub } from './github/api';
import { injectFault, noConditions, type Conditions } from './http/faults';
import type { Machines, MayReach } from './machines';
import { listBuckets } from './spaces/buckets';
import { startSpaces } from './spaces/spaces';

export interface CloudOptions {
  readonly folder: Pick<SandboxFolder, 'cloud' | 'spaces'>;
  readonly settings: SandboxSettings;
  readonly config: ForgeConfig;
  readonly machines: Machines;
  /** Gets the public keys that may read the repository over SSH, after every change. Default: nobody asks. */
  readonly admitToRepository?: (keys: readonly string[]) => void;
}

export interface Cloud {
  /** URL of DigitalOcean's API. */
  readonly digitalOcean: string;
  readonly github: RunningGithub;
  readonly mayReach: MayReach;
  /** Boots every droplet, and lets every address lead to its machines. */
  startMachines(): Promise<void>;
  /** Makes a token of DigitalOcean at its control panel. @returns its value */
  makeToken(name: string, scopes: readonly string[]): string;
  /** Refuses the next call of an operation. @param at such as `DigitalOcean/vpc:delete` */
  refuse(at: string): void;
  /** The machines are not stopped. */
  stop(): Promise<void>;
}

export async function openCloud({ folder, settings, config, machines, ...options }: CloudOptions): Promise<Cloud> {
  const address = servicesAddress(settings);
  const account = openAccount(
    {
      file: join(folder.cloud, 'digitalocean.json'),
      tokens: accountTokens({ deploy: settings.digitalOceanToken, cluster: settings.clusterToken }),
      verifiedEmails: ['owner@sandbox.example', ...config.alerts.email],
      buckets: () => listBuckets(spaces.store).map(({ name }) => name),
      machines,
      publicRange: publicRange(settings),
    },
    (fresh) => {
      addDefaultProject(fresh);
      addDomain(fresh, config.domain);
    },
  );
  const conditions = noConditions();
  const spaces = await startSpaces({
    conditions,
    folder: folder.spaces,
    address,
    port: SPACES_PORT,
    region: config.state.region,
    keys: spacesKeyLookup(account, settings.spaces),
  });
  const digitalOcean = await startDigitalOceanApi(account, { address, port: DIGITALOCEAN_API_PORT });
  const github = await startGithub({
    file: join(folder.cloud, 'github.json'),
    repository: config.repository,
    tokens: [{ value: settings.githubToken, permissions: 'full' }],
    address,
    port: GITHUB_API_PORT,
    ...(options.admitToRepository && { admit: options.admitToRepository }),
  });
  return {
    digitalOcean: digitalOcean.url,
    github,
    mayReach: (id, host, port) => mayReach(account, id, host, port),
    startMachines: () => startMachines(account),
    refuse: (at) => refuseAt({ DigitalOcean: account.conditions, GitHub: github.conditions, Spaces: conditions }, at),
    makeToken: (name, scopes) => makeToken(account.tokens, name, scopes),
    stop: async () => {
      await Promise.all([digitalOcean.stop(), github.stop()]);
      await spaces.stop();
    },
  };
}

function refuseAt(all: Readonly<Record<string, Conditions>>, at: string): void {
  const [api, operation] = [at.slice(0, at.indexOf('/')), at.slice(at.indexOf('/') + 1)] as const;
  const conditions = all[api];
  if (conditions === undefined)
    throw new Error(`There is no API ${JSON.stringify(api)}: ${Object.keys(all).join(', ')}`);
  const effect = { kind: 'error', status: 400, id: 'refused', message: 'Refused, as was asked for' } as const;
  injectFault(conditions, { operation, effect });
}

/** Everything that runs in a sandbox's background process: the emulated cloud, and the machines in it. */
import { join } from 'node:path';
import type { ForgeConfig } from '../config/schema';
import { openAccount } from './cloud/account/account';
import { spacesKeyLookup } from './cloud/account/buckets';
import { startMachines } from './cloud/account/machines';
import type { Account } from './cloud/account/session';
import { provider, startProviders } from './cloud/engine/providers';
import { openGithub } from './cloud/github/github';
import { digitalOceanProvider } from './cloud/providers/digitalocean/provider';
import { githubProvider } from './cloud/providers/github/provider';
import { helmProvider } from './cloud/providers/helm/provider';
import { httpProvider } from './cloud/providers/http/provider';
import { kubernetesProvider } from './cloud/providers/kubernetes/provider';
import { randomProvider } from './cloud/providers/random/provider';
import { tlsProvider } from './cloud/providers/tls/provider';
import { startSpaces } from './cloud/spaces/spaces';
import { createClusterRuntime, type ClusterRuntime } from './cluster/runtime';
import { spacesSnapshots } from './cluster/spaces-snapshots';
import { servicesAddress, SPACES_PORT } from './environment';
import type { SandboxFolder } from './folder';
import type { SandboxSettings } from './settings';

export interface Services {
  /** Value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  readonly runtime: ClusterRuntime;
  stop(): Promise<void>;
}

export interface ServicesOptions {
  readonly folder: SandboxFolder;
  readonly settings: SandboxSettings;
  readonly config: ForgeConfig;
  /** Paths of the programs by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

export async function startServices({ folder, settings, config, tools, log }: ServicesOptions): Promise<Services> {
  const store = `http://${servicesAddress(settings)}:${SPACES_PORT}`;
  const runtime = createClusterRuntime({
    folder: folder.cluster,
    tools,
    log,
    snapshots: spacesSnapshots(() => store),
  });
  const cloud: { account?: Account } = {};
  const spaces = await startSpaces({
    folder: folder.spaces,
    address: servicesAddress(settings),
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
  const [owner, name] = config.repository.split('/') as [string, string];
  const github = await openGithub({
    file: join(folder.cloud, 'github.json'),
    repository: { owner, name },
    tokens: [{ value: settings.githubToken, permissions: 'full' }],
  });
  const providers = await startProviders(
    [
      provider(digitalOceanProvider(account)),
      provider(githubProvider(github)),
      provider(kubernetesProvider()),
      provider(helmProvider({ helm: tools['helm']!, kubeVersion: config.kubernetes.version })),
      provider(tlsProvider()),
      provider(randomProvider()),
      provider(httpProvider()),
    ],
    folder.sockets,
  );
  await startMachines(account);
  return {
    reattach: providers.reattach,
    runtime,
    stop: async () => {
      await providers.stop();
      await runtime.stop();
      await spaces.stop();
    },
  };
}

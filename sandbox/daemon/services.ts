/** Everything that runs in a sandbox's background process. */
import { digitalOcean, type DigitalOceanClient } from '#clients/digitalocean/client';
import type { ForgeConfig } from '#config/schema';
import { cloudNames } from '#stacks/network/names';
import { repositoryUrl } from '#stacks/repository-url';
import { ArgoCd } from '../argocd/argocd';
import { startChartRepository } from '../argocd/chart-repository';
import { ARGOCD_PORT } from '../argocd/processes';
import { openCloud, type Cloud } from '../cloud/cloud';
import type { Machines } from '../cloud/machines';
import { startStandIns, type RunningStandIns } from '../cloud/terraform/stand-ins';
import { ClusterRuntime } from '../cluster/runtime';
import { accountStorage } from '../controllers/block-storage';
import { Controllers } from '../controllers/controllers';
import { makeCredentials, makeJobToken } from './credentials';
import { CHARTS_PORT, servicesAddress, SPACES_PORT } from '../place/environment';
import { mirroredChartsFolder } from '../place/mirror';
import type { SandboxFolder } from '../place/folder';
import type { SandboxSettings } from '../place/settings';
import { startGitOps, type GitOps } from '../git/gitops';
import { argoCdCrds } from '../toolchain/argo-cd-crds';

/** What a sandbox's background process is made from. */
export interface SandboxParts {
  readonly folder: SandboxFolder;
  readonly settings: SandboxSettings;
  readonly config: ForgeConfig;
  /** Paths of the programs by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** What the sandbox itself asks of the machines. */
export interface SandboxMachines extends Pick<Machines, 'status'> {
  /** Has a server save a snapshot now. @returns the snapshots' names */
  snapshot(): Promise<string[]>;
}

export interface Services {
  /** Value of TF_REATTACH_PROVIDERS; empty with official providers. */
  readonly reattach: string;
  readonly machines: SandboxMachines;
  readonly gitops: GitOps;
  /** URL of Argo CD's web page; undefined while it does not run, and where its program has none. */
  argocdPage(): Promise<string | undefined>;
  /** Somebody opens a pull request on the emulated GitHub. */
  openPullRequest(number: number): void;
  /** Somebody makes the secrets of an environment of GitHub. @returns their values, by name */
  makeCredentials(environment: string): Promise<Record<string, string>>;
  /** GitHub gives a job its token. @param permissions such as `contents:read,issues:write` */
  makeJobToken(permissions: string): string;
  /** Refuses the next call of an operation. @param at such as `DigitalOcean/vpc:delete` */
  refuse(at: string): void;
  stop(): Promise<void>;
}

interface CloudWithMachines {
  readonly cloud: Cloud;
  readonly runtime: ClusterRuntime;
}

export async function startServices(options: SandboxParts): Promise<Services> {
  const { folder, settings, tools, log } = options;
  const { runtime, cloud } = await startCloud(options);
  const gitops = await startGit(options, cloud);
  cloud.github.serve(gitops.contents);
  const stopCharts = await startChartRepository({
    folder: folder.charts,
    address: servicesAddress(settings),
    port: CHARTS_PORT,
    helm: tools['helm']!,
    mirror: mirroredChartsFolder(settings.mirror),
    crds: await argoCdCrds({ progress: () => undefined }),
  });
  const providers = await startProviders(options, cloud);
  await cloud.startMachines();
  const argocd = await ArgoCd.start({
    folder: folder.argocd,
    tools: { argocd: tools['argocd']!, miniredis: tools['miniredis']!, helm: tools['helm']! },
    address: servicesAddress(settings),
    administrator: () => runtime.administrator('argocd'),
    repository: { url: repositoryUrl(options.config.repository), servedAt: gitops.url },
    log,
  });
  const controllers = startAllControllers(options, runtime, cloud);
  return {
    reattach: providers?.reattach ?? '',
    machines: runtime,
    gitops,
    argocdPage: () => argocd.webPage(),
    ...atTheVendors(options, cloud),
    stop: async () => {
      await providers?.stop();
      await Promise.all([argocd.stop(), controllers.stop(), gitops.stop(), stopCharts()]);
      await runtime.stop();
      await cloud.stop();
    },
  };
}

/** What people and vendors do in the emulated cloud. */
export function atTheVendors(
  { settings, config }: SandboxParts,
  cloud: Cloud,
): Pick<Services, 'openPullRequest' | 'makeCredentials' | 'makeJobToken' | 'refuse'> {
  return {
    openPullRequest: (number) => void cloud.github.openPullRequest({ number }),
    makeCredentials: (environment) => makeCredentials(cloud, settings, config, environment),
    makeJobToken: (permissions) => makeJobToken(cloud, permissions),
    refuse: (at) => cloud.refuse(at),
  };
}

async function startCloud({ folder, settings, config, tools, log }: SandboxParts): Promise<CloudWithMachines> {
  let cloud: Cloud | undefined;
  const runtime = new ClusterRuntime({
    folder: folder.cluster,
    sockets: folder.sockets,
    tools,
    log,
    spaces: `http://${servicesAddress(settings)}:${SPACES_PORT}`,
    // Minutes on a droplet. Shorter than the start of a first server, which everybody waits for.
    downloadMs: 3000,
    mayReach: (id, address, port) => cloud?.mayReach(id, address, port) ?? false,
  });
  return { runtime, cloud: (cloud = await openCloud({ folder, settings, config, machines: runtime })) };
}

function startGit({ folder, settings, config }: SandboxParts, cloud: Cloud): Promise<GitOps> {
  const webhookTarget = { address: servicesAddress(settings), port: ARGOCD_PORT };
  const resolve = (host: string) => (host === `argocd.${config.domain}` ? webhookTarget : undefined);
  return startGitOps({
    folder: folder.git,
    address: servicesAddress(settings),
    repository: config.repository,
    branch: config.revision,
    controlSocket: folder.controlSocket,
    announce: (payload) => cloud.github.deliver('push', payload, resolve),
  });
}

/** Official ones are programs that Terraform itself starts. */
export async function startProviders(
  { folder, settings, tools }: SandboxParts,
  { digitalOcean, github }: Cloud,
): Promise<RunningStandIns | undefined> {
  if (settings.providers.kind === 'official') return undefined;
  return startStandIns({ digitalOcean, github: github.url, helm: tools['helm']!, folder: folder.sockets });
}

function startAllControllers(parts: SandboxParts, runtime: ClusterRuntime, cloud: Cloud): Controllers {
  const { config, log } = parts;
  const tag = cloudNames(config.name, config.environment).cluster;
  return new Controllers({
    administrator: () => runtime.administrator('forge:sandbox-controllers'),
    entranceAddress: () => entranceAddress(parts, cloud),
    storage: accountStorage({ client: clusterAccount(parts, cloud), region: config.region, tag }),
    log,
  });
}

/** Undefined while there is no entrance. */
export async function entranceAddress(parts: SandboxParts, cloud: Cloud): Promise<string | undefined> {
  const entrance = cloudNames(parts.config.name, parts.config.environment).of('entrance');
  const balancers = await clusterAccount(parts, cloud).list<{ name: string; ip: string }>(
    '/v2/load_balancers',
    'load_balancers',
  );
  return balancers.find(({ name }) => name === entrance)?.ip;
}

/** The account, as what runs in the cluster sees it. */
function clusterAccount({ settings }: SandboxParts, cloud: Cloud): DigitalOceanClient {
  return digitalOcean({ DIGITALOCEAN_TOKEN: settings.clusterToken, DIGITALOCEAN_API_URL: cloud.digitalOcean });
}

/** The steps that bring a sandbox up. Each can be done again: what is there already stays. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { CommandFailure } from '#clients/failure';
import { loadConfig } from '#config/load';
import type { StackName } from '#stacks/stack-names';
import { cdktf, synthesise } from './cdktf';
import { until } from '#clients/until';
import { askDaemon } from './daemon/control';
import { addressIn, freePublicNetwork } from './docker/networks';
import { daemonStatus, startDaemon, type DaemonStatus } from './daemon/daemon-process';
import { sandboxEnvironment } from './place/environment';
import { prepareFolder, type SandboxFolder } from './place/folder';
import { writeAdminKubeconfig, writeOperatorsKubeconfig } from './place/kubeconfigs';
import { freeNetwork } from './place/loopback';
import { STAND_INS } from './providers';
import type { RunningSandbox } from './place/running-sandbox';
import { newSettings, readSettings, writeSettings, type ProvidersInUse, type SandboxSettings } from './place/settings';

export interface UpOptions {
  /** The owner's forge.yaml. */
  readonly configFile: string;
  /** Instead of what forge.yaml says: 1 or 3. */
  readonly servers?: 1 | 3;
  /** Droplets are containers that boot their user data, instead of programs that do as it says. Default: false. */
  readonly real?: boolean;
  /** Default: our stand-ins. */
  readonly providers?: ProvidersInUse;
  /** Folder that is asked before the vendors. */
  readonly mirror?: string;
  /** Whether the stacks are synthesised while the background process starts. Default: false. */
  readonly synthesise?: boolean;
}

/** Of a first server that starts a new cluster in a container: probes, cloud-init, k3s; the others wait for it. */
const REAL_NODES_LIMIT_MS = 900_000;
const NODES_LIMIT_MS = 120_000;
/** A machine's image is brought into an engine of our own first. */
const REAL_START_LIMIT_MS = 180_000;
/** Beside a deploy, which needs the processors. */
const POLL_MS = 1000;

/** Starts the background process, with new settings if the folder holds none. */
export async function startSandbox(folder: SandboxFolder, options: UpOptions): Promise<RunningSandbox> {
  const running = await daemonStatus(folder);
  prepareFolder(folder);
  const settings = readSettings(folder) ?? (await firstSettings(folder, options));
  if (options.real === true && settings.real === undefined) {
    throw new CommandFailure('This sandbox is the quick one. For the real one end it first: npx forge sandbox down');
  }
  const limit = settings.real === undefined ? undefined : REAL_START_LIMIT_MS;
  const [status] = await Promise.all([
    running ?? startDaemon(folder, limit),
    options.synthesise && synthesise(connected(folder, settings, '').env),
  ]);
  return connected(folder, settings, status.reattach);
}

/** The sandbox that runs in a folder. Throws when none does. */
export async function runningSandbox(folder: SandboxFolder): Promise<RunningSandbox> {
  const [settings, status] = [readSettings(folder), await daemonStatus(folder)];
  if (settings === undefined || status === undefined) {
    throw new CommandFailure(`No sandbox runs in ${folder.path}. Start one: npx forge sandbox up`);
  }
  return connected(folder, settings, status.reattach);
}

/** Whether anything is in the sandbox's repository. */
export async function hasRepository(folder: SandboxFolder): Promise<boolean> {
  return (await daemonStatus(folder))?.git.head !== undefined;
}

/**
 * Takes this checkout's files as they are into the sandbox's repository, which the cluster follows.
 *
 * @returns what came of it, in lines for a person
 */
export function publishCheckout({ controlSocket }: SandboxFolder): Promise<string[]> {
  return askDaemon<string[]>(controlSocket, '/publish');
}

export interface DeployOptions {
  /** Whether `synthesise` was called before. Default: the CLI does it itself. */
  readonly isSynthesised?: boolean;
  /** Ends it, so that the next one goes on from there. A lock may be left. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deploys stacks in one call of the real CLI, then writes the kubeconfigs that can be made from then on. One after the other: of
 * stacks that read one which is not among them, CDKTF does not know the order.
 */
export async function deployStacks(
  sandbox: RunningSandbox,
  stacks: readonly StackName[],
  progress: (line: string) => void,
  { isSynthesised = false, signal }: DeployOptions = {},
): Promise<void> {
  const { env, folder } = sandbox;
  const log = join(folder.path, `deploy-${stacks.join('-')}.log`);
  const options = ['--parallelism', '1', '--auto-approve', ...(isSynthesised ? ['--skip-synth'] : [])];
  await cdktf(['deploy', ...stacks, ...options], { env, log, progress, signal });
  if (stacks.includes('network')) await writeAdminKubeconfig(sandbox);
  if (stacks.includes('cluster')) await writeOperatorsKubeconfig(sandbox);
}

/**
 * Waits until every droplet is a Ready node, at first for the droplets themselves. Throws with the reasons when one fails or it takes
 * too long; returns early when `signal` is aborted.
 */
export async function nodesReady(
  folder: SandboxFolder,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const seconds = (readSettings(folder)?.real === undefined ? NODES_LIMIT_MS : REAL_NODES_LIMIT_MS) / 1000;
  let droplets: DaemonStatus['droplets'] = [];
  const look = async () => (droplets = (await daemonStatus(folder))?.droplets ?? []);
  const are = (state: string) => droplets.filter((droplet) => droplet.state === state);
  const reasons = (state: string) => are(state).map(({ name, reason = state }) => `${name}: ${reason}`);
  const allReady = async () => {
    await look();
    if (are('failed').length > 0) throw new CommandFailure(reasons('failed').join('\n'));
    if (are('booting').length > 0) progress(reasons('booting').join(', '));
    return signal?.aborted === true || are('booting').length === 0;
  };
  const what = () => new CommandFailure(`Not ready after ${seconds} s: ${reasons('booting').join(', ')}`);
  await until(async () => signal?.aborted === true || (await look()).length > 0, { every: POLL_MS, what: 'droplets' });
  await until(allReady, { every: POLL_MS, limit: seconds * 1000, what });
}

async function firstSettings(folder: SandboxFolder, options: UpOptions): Promise<SandboxSettings> {
  const { configFile, servers, providers = STAND_INS, mirror } = options;
  const publicNetwork = options.real === true ? await freePublicNetwork() : undefined;
  // This host reaches the machines from its own address in their network, which is nothing special to their firewalls.
  const api = publicNetwork === undefined ? [] : [`${addressIn(publicNetwork, 1)}/32`];
  const file =
    servers === undefined && api.length === 0 ? resolve(configFile) : changedConfig(folder, configFile, servers, api);
  loadConfig(file);
  const settings = newSettings({
    network: await freeNetwork(),
    configFile: file,
    providers,
    ...(mirror !== undefined && { mirror: resolve(mirror) }),
    ...(publicNetwork !== undefined && { real: { publicNetwork } }),
  });
  if (providers.kind === 'emulated') writeFileSync(folder.terraformConfig, '', { mode: 0o600 });
  writeSettings(folder, settings);
  return settings;
}

/** A copy of the configuration, with another number of servers and more of those who reach the API: the owner's file is not touched. */
function changedConfig(
  folder: SandboxFolder,
  configFile: string,
  servers: 1 | 3 | undefined,
  api: readonly string[],
): string {
  const copy = join(folder.path, 'forge.yaml');
  if (!existsSync(copy)) copyFileSync(configFile, copy);
  const document = parseDocument(readFileSync(copy, 'utf8'));
  if (servers !== undefined) document.setIn(['servers', 'count'], servers);
  if (api.length > 0) document.setIn(['access', 'api'], [...loadConfig(resolve(configFile)).access.api, ...api]);
  writeFileSync(copy, document.toString());
  return copy;
}

/** @param reattach of the stand-ins, for Terraform alone */
function connected(folder: SandboxFolder, settings: SandboxSettings, reattach: string): RunningSandbox {
  const config = loadConfig(settings.configFile);
  return { folder, settings, config, env: sandboxEnvironment(folder, settings, config, reattach) };
}

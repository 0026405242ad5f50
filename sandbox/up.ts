/** The steps that bring a sandbox up. Each can be done again: what is there already stays. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { CommandFailure } from '#clients/failure';
import { loadConfig } from '#config/load';
import { cdktf } from './cdktf';
import { until } from '#clients/until';
import type { MachineStatus } from './cloud/machines';
import { askDaemon } from './daemon/control';
import { daemonStatus, startDaemon, type DaemonStatus } from './daemon/daemon-process';
import { sandboxEnvironment } from './place/environment';
import { prepareFolder, type SandboxFolder } from './place/folder';
import { writeKubeconfigs } from './place/kubeconfigs';
import { freeNetwork } from './place/loopback';
import { STAND_INS } from './providers';
import type { RunningSandbox } from './place/running-sandbox';
import { newSettings, readSettings, writeSettings, type ProvidersInUse, type SandboxSettings } from './place/settings';

export interface UpOptions {
  /** The owner's forge.yaml. */
  readonly configFile: string;
  /** Instead of what forge.yaml says: 1 or 3. */
  readonly servers?: 1 | 3;
  /** Default: our stand-ins. */
  readonly providers?: ProvidersInUse;
  /** Folder that is asked before the vendors. */
  readonly mirror?: string;
}

const NODES_LIMIT_MS = 120_000;
const POLL_MS = 250;

/** Starts the background process, with new settings if the folder holds none. */
export async function startSandbox(folder: SandboxFolder, options: UpOptions): Promise<RunningSandbox> {
  const running = await daemonStatus(folder);
  prepareFolder(folder);
  const settings = readSettings(folder) ?? (await firstSettings(folder, options));
  return connected(folder, settings, running ?? (await startDaemon(folder)));
}

/** The sandbox that runs in a folder. Throws when none does. */
export async function runningSandbox(folder: SandboxFolder): Promise<RunningSandbox> {
  const [settings, status] = [readSettings(folder), await daemonStatus(folder)];
  if (settings === undefined || status === undefined) {
    throw new CommandFailure(`No sandbox runs in ${folder.path}. Start one: npx forge sandbox up`);
  }
  return connected(folder, settings, status);
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

/** Deploys one stack with the real CLI, then writes the kubeconfigs if it was the stack that makes them known. */
export async function deployStack(
  sandbox: RunningSandbox,
  stack: string,
  progress: (line: string) => void,
): Promise<void> {
  const { env, folder } = sandbox;
  await cdktf(['deploy', stack, '--auto-approve'], { env, log: join(folder.path, `deploy-${stack}.log`), progress });
  if (stack === 'network') await writeKubeconfigs(sandbox);
}

/** Waits until every droplet is a Ready node. Throws with the reasons when one fails or it takes too long. */
export async function nodesReady(folder: SandboxFolder, progress: (line: string) => void): Promise<void> {
  let pending: readonly MachineStatus[] = [];
  const waiting = () => pending.map(({ name, reason }) => `${name}: ${reason ?? 'booting'}`).join(', ');
  const what = () => new CommandFailure(`Not ready after ${NODES_LIMIT_MS / 1000} s: ${waiting()}`);
  const allReady = async () => {
    const droplets = (await daemonStatus(folder))?.droplets ?? [];
    const failed = droplets.filter(({ state }) => state === 'failed');
    pending = droplets.filter(({ state }) => state === 'booting');
    if (failed.length > 0) throw new CommandFailure(failed.map(({ name, reason }) => `${name}: ${reason}`).join('\n'));
    if (pending.length === 0) return true;
    progress(waiting());
    return false;
  };
  await until(allReady, { every: POLL_MS, limit: NODES_LIMIT_MS, what });
}

async function firstSettings(folder: SandboxFolder, options: UpOptions): Promise<SandboxSettings> {
  const { configFile, servers, providers = STAND_INS, mirror } = options;
  const file = servers === undefined ? resolve(configFile) : withServers(folder, configFile, servers);
  loadConfig(file);
  const settings = newSettings({
    network: await freeNetwork(),
    configFile: file,
    providers,
    ...(mirror !== undefined && { mirror: resolve(mirror) }),
  });
  if (providers.kind === 'emulated') writeFileSync(folder.terraformConfig, '', { mode: 0o600 });
  writeSettings(folder, settings);
  return settings;
}

/** A copy of the configuration with another number of servers: the owner's file is not touched. */
function withServers(folder: SandboxFolder, configFile: string, servers: 1 | 3): string {
  const copy = join(folder.path, 'forge.yaml');
  if (!existsSync(copy)) copyFileSync(configFile, copy);
  const document = parseDocument(readFileSync(copy, 'utf8'));
  document.setIn(['servers', 'count'], servers);
  writeFileSync(copy, document.toString());
  return copy;
}

function connected(folder: SandboxFolder, settings: SandboxSettings, status: DaemonStatus): RunningSandbox {
  const config = loadConfig(settings.configFile);
  return { folder, settings, config, env: sandboxEnvironment(folder, settings, config, status.reattach) };
}

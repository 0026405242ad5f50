/** Starting, finding and ending the sandbox's background process. */
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { until } from '#clients/until';
import { askDaemon } from './control';
import type { SandboxFolder } from '../place/folder';
import { isAlive } from '#clients/other-process';

const ROOT = join(__dirname, '../..');
const START_LIMIT_MS = 60_000;
const POLL_MS = 100;
/** Lines of the log that a failed start shows. */
const TAIL = 15;

export interface DaemonStatus {
  readonly pid: number;
  /** Value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  readonly droplets: readonly {
    readonly id: number;
    readonly name: string;
    readonly role: 'server' | 'worker';
    readonly state: 'booting' | 'running' | 'failed' | 'off';
    readonly reason?: string;
  }[];
  /** The repository that people push to, and where Argo CD reads it. */
  readonly git: {
    readonly path: string;
    readonly url: string;
    /** Newest commit of what was pushed; undefined before anything was. */
    readonly head: string | undefined;
  };
  /** URL of Argo CD's web page; undefined while it does not run, and where its program has none. */
  readonly argocd?: string | undefined;
}

/** Status of the running daemon, or undefined when none runs. */
export function daemonStatus(folder: SandboxFolder): Promise<DaemonStatus | undefined> {
  return askDaemon<DaemonStatus>(folder.controlSocket, '/status').catch(() => undefined);
}

/** Starts the daemon and waits until it answers. */
export async function startDaemon(folder: SandboxFolder, limit = START_LIMIT_MS): Promise<DaemonStatus> {
  const log = openSync(folder.log, 'a', 0o600);
  const args = ['--require', join(ROOT, 'load-typescript.cjs'), join(ROOT, 'sandbox/daemon/daemon.ts'), folder.path];
  const child = spawn(process.execPath, args, { cwd: ROOT, detached: true, stdio: ['ignore', log, log] });
  let ended: number | null | undefined;
  child.once('exit', (code) => {
    ended = code;
  });
  child.unref();
  const what = () => {
    const tail = readFileSync(folder.log, 'utf8').trimEnd().split('\n').slice(-TAIL).join('\n');
    return new CommandFailure(`The sandbox's background process did not start. The end of ${folder.log}:\n${tail}`);
  };
  const answers = async () => {
    if (ended !== undefined) throw what();
    return daemonStatus(folder);
  };
  return until(answers, { every: POLL_MS, limit, what });
}

/** Asks the daemon to end everything that it started, and waits until it is gone. */
export async function stopDaemon(folder: SandboxFolder): Promise<void> {
  const status = await daemonStatus(folder);
  if (status === undefined) return;
  await askDaemon(folder.controlSocket, '/stop');
  await until(() => !isAlive(status.pid), { every: POLL_MS, what: 'the end of the background process' });
}

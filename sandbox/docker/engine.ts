/** The Docker engine that machines run in: the person's own, or, as root without one, an engine with a folder and socket of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { runProgram, type ProgramResult } from '#clients/program';
import { until } from '#clients/until';
import { isAlive } from '#clients/other-process';
import { findOnPath } from '../processes/process';

const START_LIMIT_MS = 60_000;
const POLL_MS = 200;
const PID_FILE = 'dockerd.pid';

export class DockerEngine {
  constructor(
    /** Undefined for the one that Docker's own settings name. */
    private readonly socket?: string,
    /** Process of one that we started. */
    private readonly pid?: number,
  ) {}

  /** @returns what the command printed. @throws CommandFailure with Docker's words when it fails */
  async run(args: readonly string[], input = ''): Promise<string> {
    const { code, text } = await this.attempt(args, input);
    if (code !== 0) throw new CommandFailure(`docker ${args.join(' ')} failed:\n${text.trim()}`);
    return text.trim();
  }

  /** @param input what the command reads */
  attempt(args: readonly string[], input = ''): Promise<ProgramResult> {
    const host = this.socket === undefined ? [] : ['--host', this.socket];
    return runProgram('docker', [...host, ...args], { input });
  }

  /** Started by us, it has no way to the Internet. */
  get isOurs(): boolean {
    return this.pid !== undefined;
  }

  /** Ends the engine if it is ours. Machines and networks must be gone before. */
  async end(): Promise<void> {
    const { pid } = this;
    if (pid === undefined || !isAlive(pid)) return;
    process.kill(pid, 'SIGTERM');
    await until(() => !isAlive(pid), { every: POLL_MS, limit: START_LIMIT_MS, what: 'the end of dockerd' });
  }
}

/** Why no machine can be made here; undefined where one can. */
export function whyNoMachines(): string | undefined {
  if (findOnPath('docker') === undefined) return 'Docker is not installed';
  if (personsEngineAnswers()) return undefined;
  const canStartOne = process.getuid?.() === 0 && findOnPath('dockerd') !== undefined;
  return canStartOne ? undefined : 'Docker does not answer, and only root can start an engine of our own';
}

/**
 * The person's engine, or one of ours: the one that an earlier process left in the folder, or a new one.
 *
 * @param folder for the data of one that we start
 * @param sockets for its sockets, so a short path. Default: the folder, too
 * @throws CommandFailure when there is neither
 */
export async function openEngine(folder: string, sockets = folder): Promise<DockerEngine> {
  const reason = whyNoMachines();
  if (reason !== undefined) throw new CommandFailure(`${reason}.`);
  if (personsEngineAnswers()) return new DockerEngine();
  return (await leftEngine(folder, sockets)) ?? startEngine(folder, sockets);
}

/** An engine of ours that runs already; undefined where none does. */
export async function leftEngine(folder: string, sockets = folder): Promise<DockerEngine | undefined> {
  const pid = pidIn(join(folder, PID_FILE));
  if (pid === undefined || !isAlive(pid)) return undefined;
  const engine = new DockerEngine(socketIn(sockets), pid);
  return (await engine.attempt(['version'])).code === 0 ? engine : undefined;
}

function pidIn(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function socketIn(folder: string): string {
  return `unix://${join(folder, 'docker.sock')}`;
}

/** Whether the person's own engine can be used. */
export function personsEngineAnswers(): boolean {
  return spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0;
}

async function startEngine(folder: string, sockets: string): Promise<DockerEngine> {
  for (const path of [folder, sockets]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const places = [
    `--data-root=${join(folder, 'data')}`,
    `--exec-root=${join(sockets, 'exec')}`,
    `--pidfile=${join(folder, PID_FILE)}`,
  ];
  // Machines get networks of their own; the host's rules stay as they are.
  const args = [...places, `--host=${socketIn(sockets)}`, '--bridge=none', '--iptables=false', '--ip6tables=false'];
  const log = openSync(join(folder, 'dockerd.log'), 'a', 0o600);
  const daemon = spawn('dockerd', args, { stdio: ['ignore', log, log] });
  closeSync(log);
  const engine = new DockerEngine(socketIn(sockets), daemon.pid);
  const what = () => new CommandFailure(`dockerd did not start: see ${join(folder, 'dockerd.log')}`);
  const answers = async () => {
    if (daemon.exitCode !== null) throw what();
    return (await engine.attempt(['version'])).code === 0;
  };
  try {
    await until(answers, { every: POLL_MS, limit: START_LIMIT_MS, what });
    return engine;
  } catch (error) {
    await engine.end();
    throw error;
  }
}

/** The Docker engine that machines run in: the person's own, or, as root without one, an engine with a folder and socket of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { runProgram, type ProgramResult } from '#clients/program';
import { until } from '#clients/until';
import { findOnPath } from '../processes/process';

const START_LIMIT_MS = 60_000;
const POLL_MS = 200;

export class DockerEngine {
  constructor(
    /** Undefined for the one that Docker's own settings name. */
    private readonly socket?: string,
    private readonly daemon?: ChildProcess,
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
    return this.daemon !== undefined;
  }

  /** Ends the engine if it is ours. Machines and networks must be gone before. */
  async end(): Promise<void> {
    if (this.daemon === undefined || this.daemon.exitCode !== null) return;
    const gone = once(this.daemon, 'exit');
    this.daemon.kill('SIGTERM');
    await gone;
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
 * The person's engine, or one of ours.
 *
 * @param folder for the data of one that we start; its path must be short, as a socket is in it
 * @throws CommandFailure when there is neither
 */
export async function openEngine(folder: string): Promise<DockerEngine> {
  const reason = whyNoMachines();
  if (reason !== undefined) throw new CommandFailure(`${reason}.`);
  return personsEngineAnswers() ? new DockerEngine() : startEngine(folder);
}

function personsEngineAnswers(): boolean {
  return spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0;
}

async function startEngine(folder: string): Promise<DockerEngine> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socket = `unix://${join(folder, 'docker.sock')}`;
  const log = createWriteStream(join(folder, 'dockerd.log'), { mode: 0o600 });
  const paths = { 'data-root': 'data', 'exec-root': 'exec', pidfile: 'dockerd.pid' };
  const places = Object.entries(paths).map(([flag, name]) => `--${flag}=${join(folder, name)}`);
  // Machines get networks of their own; the host's rules stay as they are.
  const args = [...places, `--host=${socket}`, '--bridge=none', '--iptables=false', '--ip6tables=false'];
  const daemon = spawn('dockerd', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  daemon.stdout.pipe(log);
  daemon.stderr.pipe(log);
  const engine = new DockerEngine(socket, daemon);
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

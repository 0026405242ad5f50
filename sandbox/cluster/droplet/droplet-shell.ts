/** Runs the scripts that the user data wrote on a droplet, with stand-ins (commands/) for what would touch this machine. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { parseEnv } from 'node:util';
import { BootFailure } from '../boot-failure';
import type { DropletDisk } from './droplet-disk';
import { directives } from './unit-file';

/** What stands for programs, by their path. */
export type Programs = Readonly<Record<string, (args: readonly string[]) => Promise<void> | void>>;

export interface ScriptEnd {
  readonly succeeded: boolean;
  readonly output: string;
  /** Standard error. */
  readonly complaint: string;
}

const STAND_INS = join(__dirname, 'commands');
const SCRIPTS = '/usr/local/lib/';
/** A unit's command with this prefix may fail. Source: systemd.service(5). */
const MAY_FAIL = /^-/;

export class DropletShell {
  private readonly closing = new AbortController();
  private readonly running = new Set<Promise<ScriptEnd>>();

  /** @param environment for every script, besides what its unit gives it */
  constructor(
    private readonly disk: DropletDisk,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * Runs the commands of a unit's directive one after the other. A program that neither the user data nor a stand-in
   * brings comes with the system, and is passed over: there is no machine here to which it could do anything.
   *
   * @throws BootFailure with the last words of one that fails
   */
  async runUnit(unit: string, directive: string, programs: Programs = {}): Promise<void> {
    const ours: Programs = { '/usr/bin/touch': ([file = '']) => this.disk.write(file, ''), ...programs };
    for (const command of directives(this.disk, unit, directive)) {
      const [program = '', ...args] = command.replace(MAY_FAIL, '').split(' ');
      await ours[program]?.(args);
      const script = program.startsWith(SCRIPTS) ? program : join(STAND_INS, basename(program));
      if (!program.startsWith(SCRIPTS) && !existsSync(script)) continue;
      const { succeeded, complaint } = await this.run([script, ...args], this.environmentOf(unit));
      if (!succeeded && !MAY_FAIL.test(command)) throw new BootFailure(`${unit}: ${complaint}`);
    }
  }

  /** @returns what it printed, as long as it succeeded */
  run([script = '', ...args]: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<ScriptEnd> {
    const file = script.startsWith(SCRIPTS) ? this.disk.at(script) : script;
    const path = `${STAND_INS}:${process.env['PATH']}`;
    const env = { ...this.environment, ...more, PATH: path, FORGE_ROOT: this.disk.at('/') };
    const end = execute([file, ...args], env, this.closing.signal);
    this.running.add(end);
    void end.then(() => this.running.delete(end));
    return end;
  }

  /** Ends what runs, and returns when it is gone. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.running);
  }

  private environmentOf(unit: string): NodeJS.ProcessEnv {
    const files = directives(this.disk, unit, 'EnvironmentFile');
    return parseEnv(files.map((file) => this.disk.read(file).toString()).join('\n'));
  }
}

/** Never rejects: a program that cannot be started has failed. In a process group of its own, to be ended as a whole. */
function execute(command: string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<ScriptEnd> {
  return new Promise((resolve) => {
    const child = spawn('bash', command, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const [output, complaint] = [collect(child.stdout), collect(child.stderr)];
    const settle = (succeeded: boolean, reason: string) => {
      signal.removeEventListener('abort', end);
      resolve({ succeeded, output: output(), complaint: complaint().trim() || reason });
    };
    const end = () => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'));
    signal.addEventListener('abort', end);
    child.once('error', ({ message }) => settle(false, message));
    child.once('close', (code) => settle(code === 0, `it ended with exit code ${code}`));
  });
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
}

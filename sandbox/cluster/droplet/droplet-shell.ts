/** Runs the scripts that the user data wrote on a droplet, with stand-ins (commands/) for what would touch this machine. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { parseEnv } from 'node:util';
import { BootFailure } from '../boot-failure';
import type { DropletDisk } from './droplet-disk';
import { directives } from './unit-file';

export interface DropletShell {
  /**
   * Runs the commands of a unit's directive one after the other. A program that neither the user data nor a stand-in
   * brings comes with the system, and is passed over: there is no machine here to which it could do anything.
   *
   * @throws BootFailure with the last words of one that fails
   */
  runUnit(unit: string, directive: string, programs?: Programs): Promise<void>;
  /** @returns what it printed, as long as it succeeded */
  run(command: readonly string[], environment?: NodeJS.ProcessEnv): Promise<ScriptEnd>;
  /** Ends what runs, and returns when it is gone. */
  close(): Promise<void>;
}

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

/** @param environment for every script, besides what its unit gives it */
export function dropletShell(disk: DropletDisk, environment: NodeJS.ProcessEnv): DropletShell {
  const closing = new AbortController();
  const running = new Set<Promise<ScriptEnd>>();
  const path = `${STAND_INS}:${process.env['PATH']}`;
  const environmentOf = (unit: string): NodeJS.ProcessEnv =>
    parseEnv(
      directives(disk, unit, 'EnvironmentFile')
        .map((file) => disk.read(file).toString())
        .join('\n'),
    );

  const shell: DropletShell = {
    async runUnit(unit, directive, programs = {}) {
      const ours: Programs = { '/usr/bin/touch': ([file = '']) => disk.write(file, ''), ...programs };
      for (const command of directives(disk, unit, directive)) {
        const [program = '', ...args] = command.replace(MAY_FAIL, '').split(' ');
        await ours[program]?.(args);
        const script = program.startsWith(SCRIPTS) ? program : join(STAND_INS, basename(program));
        if (!program.startsWith(SCRIPTS) && !existsSync(script)) continue;
        const { succeeded, complaint } = await shell.run([script, ...args], environmentOf(unit));
        if (!succeeded && !MAY_FAIL.test(command)) throw new BootFailure(`${unit}: ${complaint}`);
      }
    },
    run([script = '', ...args], more = {}) {
      const file = script.startsWith(SCRIPTS) ? disk.at(script) : script;
      const env = { ...environment, ...more, PATH: path, FORGE_ROOT: disk.at('/') };
      const end = execute([file, ...args], env, closing.signal);
      running.add(end);
      void end.then(() => running.delete(end));
      return end;
    },
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
  return shell;
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

/** Runs the scripts that the user data wrote on a droplet, with stand-ins (commands/) for what would touch this machine. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { BootFailure } from '../boot-failure';
import type { DropletDisk } from './droplet-disk';

const STAND_INS = join(__dirname, 'commands');
/** Programs that come with the user data. */
const OWN = '/usr/local/';
const TOUCH = '/usr/bin/touch';

interface ScriptEnd {
  readonly succeeded: boolean;
  /** Its last words. */
  readonly complaint: string;
}

export class DropletShell {
  private readonly closing = new AbortController();
  private readonly running = new Set<Promise<ScriptEnd>>();

  /**
   * @param environment of every program, besides what its unit gives it
   * @param say takes what they print, by line
   */
  constructor(
    private readonly disk: DropletDisk,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly say: (line: string) => void,
  ) {}

  /**
   * Runs a program to its end. One that neither the user data nor a stand-in brings comes with the system, and is passed
   * over: there is no machine here to which it could do anything.
   *
   * @throws BootFailure with the last words of one that fails
   */
  async run([program = '', ...args]: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<void> {
    if (program === TOUCH) {
      this.disk.write(args[0]!, '');
      return;
    }
    const own = program.startsWith(OWN);
    const file = own ? this.disk.at(program) : join(STAND_INS, basename(program));
    if (!own && !existsSync(file)) return;
    const { succeeded, complaint } = await this.execute([file, ...args], more);
    if (!succeeded) throw new BootFailure(`${[program, ...args].join(' ')}: ${complaint}`);
  }

  /** Ends what runs, and returns when it is gone. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.running);
  }

  private execute(command: readonly string[], more: NodeJS.ProcessEnv): Promise<ScriptEnd> {
    const path = `${STAND_INS}:${process.env['PATH']}`;
    const env = { ...this.environment, ...more, PATH: path, FORGE_ROOT: this.disk.at('/') };
    const end = endOf(command, env, this.closing.signal, this.say);
    this.running.add(end);
    void end.then(() => this.running.delete(end));
    return end;
  }
}

/** Never rejects: a program that cannot be started has failed. In a process group of its own, to be ended as a whole. */
function endOf(
  [file = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<ScriptEnd> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ succeeded: false, complaint: 'the machine is off' });
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let complaint = '';
    eachLine(child.stdout, say);
    eachLine(child.stderr, (line) => say((complaint = line)));
    const settle = (succeeded: boolean, reason: string) => {
      signal.removeEventListener('abort', end);
      resolve({ succeeded, complaint: complaint === '' ? reason : complaint });
    };
    const end = () => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'));
    signal.addEventListener('abort', end);
    child.once('error', ({ message }) => settle(false, message));
    child.once('close', (code) => settle(code === 0, `it ended with exit code ${code}`));
  });
}

function eachLine(stream: Readable, take: (line: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (line.trim() !== '') take(line.trim());
  });
}

/** Runs programs to their end, with nobody there to answer questions. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { withTerraformSettings } from '#config/terraform-settings';
import { CommandFailure } from './failure';

export interface ProgramOptions {
  readonly cwd?: string;
  /** The whole environment. Default: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** What the program reads. */
  readonly input?: string;
  /** Every line as it comes. */
  readonly progress?: (line: string) => void;
  /** Ends the program as Ctrl-C does, and then waits until it is gone. Ctrl-C itself does not reach it then. */
  readonly signal?: AbortSignal | undefined;
}

export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output and standard error, as they came. */
  readonly text: string;
}

/** Path of the project's own CDKTF CLI. */
export const CDKTF = join(__dirname, '../node_modules/.bin/cdktf');

/** Where the CDKTF CLI puts what it synthesises in a checkout: CDKTF_OUTPUT, else `cdktf.out`. */
export function cdktfOutput(env: NodeJS.ProcessEnv, checkout: string): string {
  return resolve(checkout, env['CDKTF_OUTPUT'] ?? 'cdktf.out');
}

/** An environment in which Terraform and CDKTF ask nothing, print plain text, and use the states that the commands know. */
export function unattended(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...withTerraformSettings(env), CI: 'true', FORCE_COLOR: '0', TF_IN_AUTOMATION: 'true' };
}

/** @throws CommandFailure when it cannot be started, and never because it fails */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, input = '', progress, signal }: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(program, args, {
    cwd,
    env,
    signal,
    killSignal: 'SIGINT',
    detached: signal !== undefined,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [stdout, stderr, text]: [Buffer[], Buffer[], Buffer[]] = [[], [], []];
  child.stdout.on('data', (part: Buffer) => void (stdout.push(part), text.push(part)));
  child.stderr.on('data', (part: Buffer) => void (stderr.push(part), text.push(part)));
  if (progress !== undefined) {
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', progress);
  }
  // A program that does not read its input may have ended before all of it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, stdout: textOf(stdout), stderr: textOf(stderr), text: textOf(text) };
  } catch (cause) {
    if (signal?.aborted && child.pid !== undefined) await once(child, 'close');
    throw notStarted(program, cause);
  }
}

function notStarted(program: string, cause: unknown): CommandFailure {
  const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  const reason = isMissing ? 'is not installed: the README says which programs are needed' : String(cause);
  return new CommandFailure(`${program} ${reason}.`, { cause });
}

/** What a shell says of a program that was interrupted. */
export const INTERRUPTED = 130;
/** With which a person, or the end of a terminal, ends a program. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program that has this terminal, and resolves with its exit code. Ctrl-C is the program's business: it gets its own from the
 * terminal, and then this goes on, in order. Other signals are passed on to it.
 *
 * @throws CommandFailure when it cannot be started
 */
export async function runAttached(
  program: string,
  args: readonly string[],
  options: Pick<ProgramOptions, 'cwd' | 'env'> = {},
): Promise<number> {
  const child = spawn(program, args, { ...options, stdio: 'inherit' });
  const passOn = (signal: NodeJS.Signals) => void (signal === 'SIGINT' || child.kill(signal));
  for (const signal of SIGNALS) process.on(signal, passOn);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? (signal === null ? 1 : INTERRUPTED);
  } catch (cause) {
    throw notStarted(program, cause);
  } finally {
    for (const signal of SIGNALS) process.off(signal, passOn);
  }
}

/** What a program prints. @throws with what it says when it fails */
export async function outputOf(program: string, args: readonly string[], options?: ProgramOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, options);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} failed: ${stderr.trim() || `exit code ${code}`}`);
}

/** Lines of a failed program that a message shows. */
const SHOWN = 25;

/** The end of what a program said, for a message. */
export function endOf(text: string): string {
  return text.trimEnd().split('\n').slice(-SHOWN).join('\n');
}

function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString('utf8');
}

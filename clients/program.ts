/** Runs Terraform and the CDKTF CLI of this checkout. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Every line of standard output as it comes. */
  readonly progress?: (line: string) => void;
}

export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** A program could not be started at all. */
class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly exitCode = 1;
}

/** Path of the project's own CDKTF CLI. */
export const CDKTF = join(__dirname, '../node_modules/.bin/cdktf');

/**
 * Runs a program to its end, with nobody there to answer questions.
 *
 * @throws ProgramError when it cannot be started, and never because it fails
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, progress }: ProgramOptions,
): Promise<ProgramResult> {
  const child = spawn(program, args, {
    cwd,
    env: { ...env, CI: 'true', FORCE_COLOR: '0', TF_IN_AUTOMATION: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: Buffer[] = [];
  const output: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => void [stdout, output].forEach((parts) => parts.push(part)));
  child.stderr.on('data', (part: Buffer) => void output.push(part));
  if (progress !== undefined) createInterface({ input: child.stdout }).on('line', progress);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, stdout: textOf(stdout), output: textOf(output) };
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isMissing ? 'is not installed: the README says which programs are needed' : String(cause);
    throw new ProgramError(`${program} ${reason}.`, { cause });
  }
}

function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString('utf8');
}

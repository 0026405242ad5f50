/** Runs the real CDKTF CLI, as a person would. */
import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { CDKTF, endOf, runProgram, unattended } from '#clients/program';

const ROOT = join(__dirname, '..');

export interface CdktfRun {
  readonly env: Readonly<Record<string, string>>;
  /** Whole output, appended to. */
  readonly log: string;
  /** Every line as it comes. */
  readonly progress?: (line: string) => void;
}

/** Where the CLI puts the synthesised `network` stack, and Terraform works on it. */
export function networkStackFolder(env: Readonly<Record<string, string | undefined>>): string {
  return resolve(ROOT, env['CDKTF_OUTPUT'] ?? 'cdktf.out', 'stacks/network');
}

/** Runs `cdktf <args>` in the project. Throws with the end of its output when it fails. */
export async function cdktf(args: readonly string[], { env, log, progress }: CdktfRun): Promise<string> {
  const append = (line: string) => {
    appendFileSync(log, `${line}\n`, { mode: 0o600 });
    progress?.(line);
  };
  const { code, text } = await runProgram(CDKTF, args, {
    cwd: ROOT,
    env: unattended({ ...process.env, ...env }),
    progress: append,
  });
  if (code === 0) return text;
  throw new CommandFailure(`cdktf ${args.join(' ')} failed:\n${endOf(text)}\nAll of it: ${log}`);
}

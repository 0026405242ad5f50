/** Runs the real CDKTF CLI, as a person would. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { CDKTF, cdktfOutput, endOf, runProgram, unattended } from '#clients/program';
import { untilTerraformEnds } from '#clients/terraform-runs';

const ROOT = join(__dirname, '..');
/** While `apply` plans, Terraform passes no interrupt on to what it waits for. */
const PATIENCE_MS = 15_000;

export interface CdktfRun {
  readonly env: Readonly<Record<string, string>>;
  /** Whole output, appended to. */
  readonly log: string;
  /** Every line as it comes. */
  readonly progress?: (line: string) => void;
  /** Ends it. Terraform that plans may have no time to give its lock back. */
  readonly signal?: AbortSignal | undefined;
}

/** Where the synthesised `network` stack is, and Terraform works on it. */
export function networkStackFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(cdktfOutput(env, ROOT), 'stacks/network');
}

/**
 * Synthesises all stacks to where the CLI looks for them, by the command that it runs for that itself: its own start takes three
 * times as long. Throws with what the command says when it fails.
 */
export async function synthesise(own: CdktfRun['env']): Promise<void> {
  const { app } = JSON.parse(readFileSync(join(ROOT, 'cdktf.json'), 'utf8')) as { app: string };
  const [program = '', ...args] = app.split(' ');
  const env = { ...process.env, ...own };
  const { code, text } = await runProgram(program, args, {
    cwd: ROOT,
    env: unattended({ ...env, CDKTF_OUTDIR: cdktfOutput(env, ROOT) }),
  });
  if (code !== 0) throw new CommandFailure(`The stacks cannot be synthesised:\n${endOf(text)}`);
}

/** Runs `cdktf <args>` in the project. Throws with the end of its output when it fails. */
export async function cdktf(args: readonly string[], { env, log, progress, signal }: CdktfRun): Promise<string> {
  const append = (line: string) => {
    appendFileSync(log, `${line}\n`, { mode: 0o600 });
    progress?.(line);
  };
  const run = (more: NodeJS.ProcessEnv) =>
    runProgram(CDKTF, args, {
      cwd: ROOT,
      env: unattended({ ...process.env, ...env, ...more }),
      progress: append,
      signal,
    });
  const { code, text } = await untilTerraformEnds(run, { notify: append, patience: PATIENCE_MS });
  if (code === 0) return text;
  throw new CommandFailure(`cdktf ${args.join(' ')} failed:\n${endOf(text)}\nAll of it: ${log}`);
}

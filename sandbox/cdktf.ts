/** Runs the real CDKTF CLI, as a person would. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { SandboxFailure } from './failure';

const ROOT = join(__dirname, '..');
const CDKTF = join(ROOT, 'node_modules/.bin/cdktf');
/** Lines of a failed run that stand in the error message. */
const TAIL = 25;

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
  const child = spawn(CDKTF, args, {
    cwd: ROOT,
    env: { ...process.env, ...env, FORCE_COLOR: '0', CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const lines: string[] = [];
  const file = createWriteStream(log, { flags: 'a', mode: 0o600 });
  const follow = (stream: Readable) => {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      file.write(`${line}\n`);
      progress?.(line);
    });
  };
  follow(child.stdout);
  follow(child.stderr);
  const [code] = await ended;
  await new Promise<void>((resolve) => file.end(resolve));
  if (code !== 0) {
    throw new SandboxFailure(`cdktf ${args.join(' ')} failed:\n${lines.slice(-TAIL).join('\n')}\nAll of it: ${log}`);
  }
  return lines.join('\n');
}

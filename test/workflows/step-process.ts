/** Runs the script of a step as GitHub does: a file, given to bash, in a process group of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StepProcess {
  readonly script: string;
  readonly shell: string | undefined;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly temporary: string;
  readonly limitMs: number;
}

/** What `shell:` stands for; without it bash does not watch the parts of a pipe. */
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  '': ['-e'],
  bash: ['--noprofile', '--norc', '-eo', 'pipefail'],
};

export interface Ended {
  readonly code: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

export async function runScript({ script, shell, folder, env, temporary, limitMs }: StepProcess): Promise<Ended> {
  const options = SHELLS[shell ?? ''];
  if (options === undefined) throw new Error(`The runner does not know the shell "${shell}".`);
  const scripts = mkdtempSync(join(temporary, 'script-'));
  const file = join(scripts, 'step.sh');
  writeFileSync(file, script, { mode: 0o600 });
  try {
    return await ended(file, options, { folder, env, limitMs });
  } finally {
    rmSync(scripts, { recursive: true });
  }
}

function ended(
  file: string,
  options: readonly string[],
  { folder, env, limitMs }: Pick<StepProcess, 'folder' | 'env' | 'limitMs'>,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', [...options, file], {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (part: Buffer) => void (output += part.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const limit = setTimeout(() => {
      output += '\nThe job has exceeded its time limit.\n';
      process.kill(-child.pid!, 'SIGKILL');
    }, limitMs);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? 1, output });
    });
  });
}

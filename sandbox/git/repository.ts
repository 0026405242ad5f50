/** The sandbox's stand-in of the repository on GitHub: people push here, and the hook tells the sandbox's process. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git';

export interface Repository {
  /** A bare repository: what `git clone` and `git push` take. */
  readonly path: string;
  /** Branch that the cluster follows. */
  readonly branch: string;
}

const HOOK = join(__dirname, 'post-receive.cjs');

/** @param controlSocket where the hook announces a push */
export async function openRepository(folder: string, branch: string, controlSocket: string): Promise<Repository> {
  const path = join(folder, 'forge.git');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(join(path, 'HEAD'))) await git(['init', '--quiet', '--bare', `--initial-branch=${branch}`, path]);
  const hook = join(path, 'hooks', 'post-receive');
  writeFileSync(hook, `#!/bin/sh\nexec ${[process.execPath, HOOK, controlSocket].map(quoted).join(' ')}\n`);
  chmodSync(hook, 0o700);
  return { path, branch };
}

/** Commit that a branch points to; undefined in an empty repository. */
export function headOf({ path, branch }: Repository): Promise<string | undefined> {
  return git(['-C', path, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]).catch(() => undefined);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The files of k8s/ at a commit, and as they are in the working tree. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { runProgram } from '#clients/program';

/** Text by path from the checkout's root. */
export type Files = ReadonlyMap<string, string>;

const FOLDER = 'k8s';

/** What Git tracks or would add, as it is on the disk. */
export async function workingTree(checkout: string): Promise<Files> {
  const listing = await git(checkout, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', FOLDER]);
  const paths = [...new Set(lines(listing))].filter((path) => existsSync(join(checkout, path)));
  return new Map(paths.map((path) => [path, readFileSync(join(checkout, path), 'utf8')]));
}

export async function filesAt(checkout: string, commit: string): Promise<Files> {
  const paths = lines(await git(checkout, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', FOLDER]));
  const files = new Map<string, string>();
  for (const path of paths) files.set(path, await git(checkout, ['show', `${commit}:${path}`]));
  return files;
}

/**
 * The commit to compare with: where the checkout's branch left `revision`, so that what came to it later does not look removed.
 * Without a common ancestor, as in a shallow clone, the revision itself. Throws a CommandFailure when Git does not know it.
 */
export async function comparisonPoint(checkout: string, revision: string): Promise<string> {
  const commit = await git(checkout, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]).catch((cause: unknown) => {
    throw new CommandFailure(
      `Git does not know the revision ${revision}. Fetch it first: git fetch origin (in a workflow: fetch-depth: 0)`,
      { exitCode: 2, cause },
    );
  });
  const base = await git(checkout, ['merge-base', commit.trim(), 'HEAD']).catch(() => commit);
  return base.trim();
}

async function git(checkout: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram('git', ['-C', checkout, ...args]);
  if (code === 0) return stdout;
  throw new CommandFailure(`git ${args[0]} failed in ${checkout}: ${stderr.trim() || `exit code ${code}`}`);
}

function lines(listing: string): string[] {
  return listing.split('\0').filter((path) => path !== '');
}

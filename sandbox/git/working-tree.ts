/** Brings a checkout's files into the sandbox's repository as they are now, what is not committed included. */
import { join, resolve } from 'node:path';
import { git } from './git';
import { headOf, type Repository } from './repository';

/**
 * The checkout itself is only read. Its history comes along, so that a commit made on top of it can be pushed; a shallow clone's
 * cannot, and stays away.
 */
export async function publishWorkingTree(checkout: string, repository: Repository): Promise<void> {
  const { path, branch } = repository;
  if ((await headOf(repository)) === undefined) {
    await git(['-C', path, 'fetch', '--quiet', checkout, `+HEAD:refs/heads/${branch}`]).catch(() => undefined);
  }
  const index = { GIT_INDEX_FILE: join(path, 'working-tree.index') };
  const excluded = ['-c', `core.excludesFile=${await excludesOf(checkout)}`];
  await git([...excluded, `--git-dir=${path}`, `--work-tree=${checkout}`, '-C', checkout, 'add', '--all', '.'], index);
  const tree = await git(['-C', path, 'write-tree'], index);
  const head = await headOf(repository);
  if (head !== undefined && (await git(['-C', path, 'rev-parse', `${head}^{tree}`])) === tree) return;
  const parents = head === undefined ? [] : ['-p', head];
  const commit = await git(['-C', path, 'commit-tree', tree, ...parents, '-m', 'Take the working tree as it is']);
  await git(['-C', path, 'update-ref', `refs/heads/${branch}`, commit]);
}

/** What the checkout's owner excludes without saying so in .gitignore. */
async function excludesOf(checkout: string): Promise<string> {
  const file = await git(['-C', checkout, 'rev-parse', '--git-path', 'info/exclude']);
  return resolve(checkout, file);
}

/** The files of k8s/ at a commit, and as they are in the working tree. */
import { lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, relative } from 'node:path/posix';
import { CommandFailure } from '#clients/failure';
import { runProgram } from '#clients/program';

/** Text by path from the checkout's root. */
export type Files = ReadonlyMap<string, string>;

const FOLDER = 'k8s';
/** Modes of Git. */
const [LINK, SUBMODULE] = ['120000', '160000'];

/** What Git tracks or would add, as it is on the disk. Links are followed as Argo CD follows them. */
export async function workingTree(checkout: string): Promise<Files> {
  const listing = await git(checkout, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', FOLDER]);
  const files = new Map<string, string>();
  for (const path of new Set(lines(listing))) {
    const text = textOnDisk(checkout, path);
    if (text !== undefined) files.set(path, text);
  }
  return files;
}

function textOnDisk(checkout: string, path: string): string | undefined {
  const place = join(checkout, path);
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw foreign(path);
  if (found?.isSymbolicLink()) checkLink(path, readlinkSync(place));
  if (!isFile(path, place)) return undefined;
  checkLink(path, relative(join(realpathSync(checkout), dirname(path)), realpathSync(place)));
  return readFileSync(place, 'utf8');
}

function isFile(path: string, place: string): boolean {
  try {
    return statSync(place, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    throw endless(path);
  }
}

export async function filesAt(checkout: string, commit: string): Promise<Files> {
  const files = new Map<string, string>();
  for (const entry of lines(await git(checkout, ['ls-tree', '-r', '-z', '--full-tree', commit, '--', FOLDER]))) {
    const [, mode, path = ''] = /^(\d+) [^\t]*\t(.*)$/s.exec(entry) ?? [];
    if (mode === SUBMODULE) throw foreign(path);
    const text = await git(checkout, ['show', `${commit}:${path}`]);
    if (mode === LINK) checkLink(path, text);
    const content = mode === LINK ? await linkedText(checkout, commit, path) : text;
    if (content !== undefined) files.set(path, content);
  }
  return files;
}

/** What a link in a commit leads to; undefined when that is no file. */
async function linkedText(checkout: string, commit: string, path: string): Promise<string | undefined> {
  const found = await git(checkout, ['cat-file', '--follow-symlinks', '--batch'], `${commit}:${path}\n`);
  if (found.startsWith('loop ')) throw endless(path);
  const header = found.indexOf('\n');
  return / blob \d+$/.test(found.slice(0, header)) ? found.slice(header + 1, -1) : undefined;
}

/** Argo CD reads nothing of a repository that holds one. */
function checkLink(path: string, target: string): void {
  if (!isAbsolute(target) && !normalize(join(dirname(path), target)).startsWith('..')) return;
  throw new CommandFailure(
    `${path} is a link that leads out of the repository, and Argo CD refuses the whole repository for it. Make it a file.`,
  );
}

function endless(path: string): CommandFailure {
  return new CommandFailure(`${path} is a link that leads into itself, and Argo CD refuses its layer. Make it a file.`);
}

function foreign(path: string): CommandFailure {
  return new CommandFailure(`${path} is a repository of its own, which cannot be followed here. Make it a folder.`);
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

async function git(checkout: string, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await runProgram('git', ['-C', checkout, ...args], { input });
  if (code === 0) return stdout;
  throw new CommandFailure(`git ${args[0]} failed in ${checkout}: ${stderr.trim() || `exit code ${code}`}`);
}

function lines(listing: string): string[] {
  return listing.split('\0').filter((path) => path !== '');
}

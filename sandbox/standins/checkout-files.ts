/** The files of a checkout as they are on disk, and a folder that mirrors a set of files. */
import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git } from '../git/git';

export interface CheckoutFile {
  readonly content: Buffer;
  readonly kind: 'file' | 'executable' | 'link';
}

/** By path from the root of the checkout. */
export type CheckoutFiles = ReadonlyMap<string, CheckoutFile>;

const MODES = { file: 0o644, executable: 0o755 };

/**
 * Everything that git knows or would add, uncommitted changes included.
 *
 * @throws when the folder is no checkout
 */
export async function readCheckout(checkout: string): Promise<CheckoutFiles> {
  const listed = await git(['-C', checkout, 'ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '').sort();
  const files = new Map<string, CheckoutFile>();
  for (const path of paths) {
    const file = await readEntry(join(checkout, path));
    if (file !== undefined) files.set(path, file);
  }
  return files;
}

/** Writes what differs and removes what is not among the files. Leaves the folder's own `.git` alone. */
export async function mirror(files: CheckoutFiles, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const folders = new Set([...files.keys()].flatMap(ancestors));
  await removeOthers(target, '', files, folders);
  for (const [path, file] of files) await writeEntry(join(target, path), file);
}

/** Undefined for a file that was deleted, or a folder such as a repository inside the checkout. */
async function readEntry(path: string): Promise<CheckoutFile | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isSymbolicLink()) return { kind: 'link', content: Buffer.from(await readlink(path)) };
  if (!stats?.isFile()) return undefined;
  return { kind: (stats.mode & 0o100) === 0 ? 'file' : 'executable', content: await readFile(path) };
}

async function writeEntry(path: string, file: CheckoutFile): Promise<void> {
  const existing = await readEntry(path);
  if (existing?.kind === file.kind && existing.content.equals(file.content)) return;
  await rm(path, { force: true, recursive: true });
  await mkdir(dirname(path), { recursive: true });
  if (file.kind === 'link') return symlink(file.content.toString(), path);
  await writeFile(path, file.content);
  await chmod(path, MODES[file.kind]);
}

async function removeOthers(
  target: string,
  folder: string,
  files: CheckoutFiles,
  folders: ReadonlySet<string>,
): Promise<void> {
  for (const entry of await readdir(join(target, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (path === '.git') continue;
    if (entry.isDirectory() && folders.has(path)) await removeOthers(target, path, files, folders);
    else if (!files.has(path)) await rm(join(target, path), { recursive: true });
  }
}

function ancestors(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

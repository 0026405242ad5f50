/** Files that only their owner may read. */
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { writePrivateFile } from '#config/private-file';

const FOR_OTHERS = 0o077;

/**
 * Writes a private file, but not where a link leads: a secret goes where it was sent, nowhere else.
 *
 * @returns whether others could read or write the file that was there before
 * @throws CommandFailure for a link, or what is no file
 */
export function writeNamedFile(file: string, text: string): boolean {
  const before = requireFile(file);
  try {
    writePrivateFile(file, text, { flush: true });
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
  return before !== undefined && (before.mode & FOR_OTHERS) !== 0;
}

/** Undefined when there is none. */
export function readFileIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CommandFailure(
      `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code === 'EISDIR' ? 'it is a directory' : (cause as Error).message}`,
      { cause },
    );
  }
}

/**
 * Does something while no other program changes a kubeconfig: the locks are those that kubectl takes, in its order.
 * Nobody can change what lies where no lock can be made, so that is read without one.
 */
export function whileLocked<T>(files: readonly string[], work: () => T): T {
  const locks: string[] = [];
  try {
    for (const file of files.toSorted()) if (lock(file)) locks.push(lockOf(file));
    return work();
  } finally {
    for (const held of locks) rmSync(held, { force: true });
  }
}

const lockOf = (file: string) => `${file}.lock`;

function lock(file: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(lockOf(file), 'wx', 0o600));
    return true;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if ((code === 'EACCES' || code === 'EROFS') && existsSync(file)) return false;
    throw new CommandFailure(
      code === 'EEXIST'
        ? `Another program is changing ${file}. Try again; if none does, one was killed: remove ${lockOf(file)}`
        : `${file} cannot be written: ${message}`,
      { cause },
    );
  }
}

/**
 * Status of a file that may be written; undefined when there is none.
 *
 * @throws CommandFailure for a link, or what is no file
 */
export function requireFile(file: string): Stats | undefined {
  const status = statusOf(file);
  if (status === undefined || status.isFile()) return status;
  throw new CommandFailure(
    status.isSymbolicLink()
      ? `${file} is a link to ${readlinkSync(file)}. Nothing was written: name that file itself.`
      : `${file} is no ordinary file. Nothing was written: name another one.`,
  );
}

function statusOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

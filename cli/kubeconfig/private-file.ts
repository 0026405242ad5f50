/** Files that only their owner may read. */
import { closeSync, lstatSync, mkdirSync, openSync, readFileSync, readlinkSync, rmSync, type Stats } from 'node:fs';
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
  const before = statusOf(file);
  if (before !== undefined) requireFile(file, before);
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
    throw new CommandFailure(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Does something while no other program changes a kubeconfig: the lock is the one that kubectl takes. */
export function whileLocked<T>(file: string, work: () => T): T {
  const lock = `${file}.lock`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (cause) {
    const isHeld = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new CommandFailure(
      isHeld
        ? `Another program is changing ${file}. Try again; if none does, one was killed: remove ${lock}`
        : `${file} cannot be written: ${(cause as Error).message}`,
      { cause },
    );
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function statusOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

function requireFile(file: string, status: Stats): void {
  if (status.isFile()) return;
  throw new CommandFailure(
    status.isSymbolicLink()
      ? `${file} is a link to ${readlinkSync(file)}. Nothing was written: name that file itself.`
      : `${file} is no ordinary file. Nothing was written: name another one.`,
  );
}

/** One process at a time changes the cache of tools. */
import { randomUUID } from 'node:crypto';
import { mkdir, readlink, rename, symlink, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from '../processes/process-identity';

export interface LockOptions {
  /** Called about once a second while another process holds the lock. */
  readonly waiting: (pid: number) => void;
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 100;
const REPORT_EVERY = 10;

/** Runs the work while holding the lock. A lock whose process is gone, however it went, is taken over. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const own = `${process.pid} ${processIdentity(process.pid) ?? '-'} ${randomUUID()}`;
  for (let round = 0; !(await acquire(path, own)); round++) {
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    if (!isAlive(holder)) {
      await removeStale(path, holder);
      continue;
    }
    if (round % REPORT_EVERY === 0) options.waiting(pidOf(holder));
    await sleep(POLL_MS, undefined, { signal: options.signal });
  }
  try {
    return await work();
  } finally {
    if ((await readHolder(path)) === own) await unlink(path);
  }
}

/** A symbolic link is made in one step together with what it says, so nobody ever reads half a lock. */
async function acquire(path: string, own: string): Promise<boolean> {
  return symlink(own, path).then(() => true, onlyWhen('EEXIST', false));
}

function readHolder(path: string): Promise<string | undefined> {
  return readlink(path).catch(onlyWhen('ENOENT', undefined));
}

/** Of several processes that find the same stale lock one moves it away. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  const moved = await rename(path, aside).then(() => true, onlyWhen('ENOENT', false));
  if (!moved) return;
  const holder = await readlink(aside);
  await unlink(aside);
  // Somebody was faster, and this is already the next one's.
  if (holder !== stale) await acquire(path, holder);
}

function isAlive(holder: string): boolean {
  const identity = processIdentity(pidOf(holder));
  return identity !== undefined && identity === holder.split(' ')[1];
}

function pidOf(holder: string): number {
  return Number.parseInt(holder, 10);
}

function onlyWhen<T>(code: string, answer: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== code) throw error;
    return answer;
  };
}

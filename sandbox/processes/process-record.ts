/** A record of each child process on disk, by which a later sandbox finds and ends what an earlier one left behind. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import { signal } from '#clients/other-process';
import { until } from '#clients/until';
import { processIdentity } from './process-identity';

interface ProcessRecord {
  readonly name: string;
  /** A process id alone may be somebody else's by now. */
  readonly identity: string;
}

const POLL_MS = 50;
const GRACE_MS = 3000;

export function rememberProcess(folder: string, pid: number, name: string): void {
  const identity = processIdentity(pid);
  if (identity === undefined) return;
  const record: ProcessRecord = { name, identity };
  writePrivateFile(fileOf(folder, pid), JSON.stringify(record));
}

export function forgetProcess(folder: string, pid: number): void {
  rmSync(fileOf(folder, pid), { force: true });
}

/**
 * Ends the processes that a sandbox in this folder left running, for example when it was killed.
 *
 * @returns their names
 */
export async function endLeftovers(folder: string): Promise<string[]> {
  if (!existsSync(recordsIn(folder))) return [];
  const pids = readdirSync(recordsIn(folder)).map((file) => Number.parseInt(file, 10));
  const names = await Promise.all(
    pids.map(async (pid) => {
      const { name, identity } = readRecord(folder, pid);
      const isOurs = () => processIdentity(pid) === identity;
      const found = isOurs();
      if (found) await end(pid, isOurs);
      forgetProcess(folder, pid);
      return found ? name : undefined;
    }),
  );
  return names.filter((name) => name !== undefined);
}

async function end(pid: number, isOurs: () => boolean): Promise<void> {
  const insistAt = Date.now() + GRACE_MS;
  signal(pid, 'SIGTERM');
  const hasEnded = () => {
    if (isOurs() && Date.now() > insistAt) signal(pid, 'SIGKILL');
    return !isOurs();
  };
  await until(hasEnded, { every: POLL_MS, what: 'the end of a process' });
}

function recordsIn(folder: string): string {
  return join(folder, 'processes');
}

function fileOf(folder: string, pid: number): string {
  return join(recordsIn(folder), `${pid}.json`);
}

function readRecord(folder: string, pid: number): ProcessRecord {
  try {
    return JSON.parse(readFileSync(fileOf(folder, pid), 'utf8')) as ProcessRecord;
  } catch {
    return { name: '', identity: '' };
  }
}

/** A record of each child process on disk, by which a later sandbox finds and ends what an earlier one left behind. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

interface ProcessRecord {
  readonly name: string;
  /** When the kernel started it, in ticks since boot: a process id alone may be somebody else's by now. */
  readonly startTime: string;
  readonly bootId: string;
}

const POLL_MS = 50;
const GRACE_MS = 3000;

export function rememberProcess(folder: string, pid: number, name: string): void {
  const startTime = startTimeOf(pid);
  if (startTime === undefined) return;
  mkdirSync(recordsIn(folder), { recursive: true, mode: 0o700 });
  const record: ProcessRecord = { name, startTime, bootId: bootId() };
  writeFileSync(fileOf(folder, pid), JSON.stringify(record), { mode: 0o600 });
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
      const { name, startTime, bootId: boot } = readRecord(folder, pid);
      const isOurs = () => boot === bootId() && startTimeOf(pid) === startTime;
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
  while (isOurs()) {
    if (Date.now() > insistAt) signal(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
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
    return { name: '', startTime: '', bootId: '' };
  }
}

/** Undefined for a process that is gone or only waits to be buried. */
function startTimeOf(pid: number): string | undefined {
  try {
    // The name, in parentheses, may hold spaces. Fields after it: see proc(5), state is 3rd, start time 22nd.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

import { readFileSync } from 'node:fs';

/**
 * Tells one process from another one that has the same id later on: boot and start time.
 *
 * @returns undefined for a process that is gone or only waits to be buried, and for all where there is no /proc
 */
export function processIdentity(pid: number): string | undefined {
  try {
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The name, in parentheses, may hold spaces. Fields after it: see proc(5), state is 3rd, start time 22nd.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : `${bootId}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** The part of a program's log that says why it ended. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 16 * 1024;
const LINES = 4;
const LINE_LENGTH = 400;
/** klog writes E and F, etcd JSON with a level, cobra "Error:". */
const FAULT = /^[EF]\d{4} |"level":"(error|panic|fatal)"|^Error: |^error: |^panic: |command failed/;

/** At most four lines: the last that speak of an error, or else the last. */
export function lastWords(logFile: string): string[] {
  const lines = tail(logFile)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const faults = lines.filter((line) => FAULT.test(line));
  return (faults.length > 0 ? faults : lines).slice(-LINES).map((line) => line.slice(0, LINE_LENGTH));
}

function tail(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString();
  } finally {
    closeSync(descriptor);
  }
}

import { readFileSync } from 'node:fs';
import { writePrivateFile } from '#config/private-file';

/** Reads a saved state; undefined when none was saved yet. A damaged file is an error that names it. */
export function loadState<T>(file: string): T | undefined {
  const text = readIfPresent(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Error(`${file} is damaged. Start afresh with: forge sandbox down`, { cause });
  }
}

/** Writes a state so that a crash leaves either the old or the new one. Only the owner can read it. */
export function saveState(file: string, state: unknown): void {
  writePrivateFile(file, JSON.stringify(state));
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

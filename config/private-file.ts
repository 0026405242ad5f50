/** Files with secrets in them. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface PrivateFileOptions {
  /** Of the file. Default: 0600. */
  readonly mode?: number;
  /** Survives a loss of power, too. */
  readonly flush?: boolean;
}

/** Writes all of it or nothing, for the owner only: an interrupted write leaves the old file, and a new one has its own mode. */
export function writePrivateFile(file: string, content: string | Buffer, options: PrivateFileOptions = {}): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, content, { mode: 0o600, ...options, flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

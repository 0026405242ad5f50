/** Folders that tests work in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from './at-end';

/** A new, empty one, which goes when the tests of the file are over. @param name tells whose it was, should it stay */
export function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `forge-${name}-`));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

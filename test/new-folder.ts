/** Folders that tests work in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** A new, empty one, which goes when the tests of the file are over. @param name tells whose it was, should it stay */
export function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `forge-${name}-`));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

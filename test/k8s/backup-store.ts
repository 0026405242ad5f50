/** The emulated Spaces over TLS, as restic insists on it, and restic itself. */
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { spacesOverTls, type SpacesOverTls } from '#sandbox/docker/spaces-over-tls';
import { sampleSpaces, type SampleSpaces } from '../sandbox/cloud/spaces/sample-spaces';

export interface BackupStore extends SpacesOverTls {
  readonly spaces: SampleSpaces;
}

/** restic with the exit codes that the scripts read, which is 0.17 or later. */
export function resticProgram(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const places = [join(cache, 'forge/restic'), ...(process.env['PATH'] ?? '').split(':')];
  const found = places.map((folder) => join(folder, 'restic')).find(isProgram);
  if (found === undefined) throw new Error('There is no restic. scripts/install-test-programs.sh builds it.');
  return found;
}

export async function backupStore(): Promise<BackupStore> {
  const spaces = await sampleSpaces();
  return { spaces, ...(await spacesOverTls(spaces.endpoint)) };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The emulated Spaces over TLS, as restic insists on it, and restic itself. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { internet } from '#sandbox/docker/internet';
import { sampleSpaces, temporaryFolder, type SampleSpaces } from '../sandbox/cloud/spaces/sample-spaces';

export interface BackupStore {
  readonly spaces: SampleSpaces;
  /** URL, without a bucket. */
  readonly url: string;
  /** Its certificate, PEM. */
  readonly authority: string;
  stop(): Promise<void>;
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
  const folder = temporaryFolder();
  const [key, authority] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=spaces', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const options = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', authority];
  execFileSync('openssl', [...options, ...subject], { stdio: 'ignore' });
  const spacesOnly = internet({ spaces: spaces.endpoint, github: new Map() });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(authority) }, spacesOnly);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    spaces,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority: readFileSync(authority, 'utf8'),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

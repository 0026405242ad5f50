/** Ends a sandbox: every process, then every file but the cache of tools. */
import { existsSync, rmSync } from 'node:fs';
import { endLeftovers } from './processes/process-record';
import { stopDaemon } from './daemon/daemon-process';
import type { SandboxFolder } from './place/folder';

/** @returns false when there was nothing to end */
export async function endSandbox(folder: SandboxFolder): Promise<boolean> {
  if (!existsSync(folder.settings)) return false;
  await stopDaemon(folder);
  // A daemon that was killed could not end its processes.
  await endLeftovers(folder.cluster);
  await endLeftovers(folder.argocd);
  rmSync(folder.sockets, { recursive: true, force: true });
  rmSync(folder.path, { recursive: true, force: true });
  return true;
}

/** Ends a sandbox: every process, then every file but the cache of tools. */
import { rmSync } from 'node:fs';
import { endLeftovers } from './processes/process-record';
import { stopDaemon } from './daemon/daemon-process';
import { removeMachines } from './docker/leftovers';
import type { SandboxFolder } from './place/folder';
import { readSettings } from './place/settings';

/** @returns false when there was nothing to end */
export async function endSandbox(folder: SandboxFolder): Promise<boolean> {
  const settings = readSettings(folder);
  if (settings === undefined) return false;
  await stopDaemon(folder);
  // A daemon that was killed could not end its processes.
  for (const path of [folder.cluster, folder.argocd, folder.acme]) await endLeftovers(path);
  if (settings.real !== undefined) await removeMachines(folder);
  rmSync(folder.sockets, { recursive: true, force: true });
  rmSync(folder.path, { recursive: true, force: true });
  return true;
}

/** Removes what a sandbox has in Docker, whoever started it. */
import { createHash } from 'node:crypto';
import type { SandboxFolder } from '../place/folder';
import { removeAll } from './docker-cloud';
import { areVolumesShown, endVolumes } from './docker-volumes';
import { DockerEngine, leftEngine, personsEngineAnswers } from './engine';
import { machineImage } from './machine-image';

/** Name of everything that a sandbox has in Docker. */
export function dockerName({ path }: SandboxFolder): string {
  return `forge-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

/** With an engine of our own, what is in it goes with its folder; only its networks and loop devices are this host's. */
export async function removeMachines(folder: SandboxFolder): Promise<void> {
  const own = await leftEngine(folder.docker, folder.sockets);
  const engine = own ?? (personsEngineAnswers() ? new DockerEngine() : undefined);
  if (engine === undefined) return;
  const name = dockerName(folder);
  await removeAll(engine, name);
  if (areVolumesShown(folder.volumes)) {
    const image = await machineImage(engine, () => undefined);
    await endVolumes({ engine, image, label: `forge.sandbox=${name}` }, folder.volumes);
  }
  await engine.end();
}

/** The image of a machine: what a droplet's image has of systemd, cloud-init and the tools that the user data needs. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { outputOf } from '#clients/program';
import { findOnPath } from '../processes/process';
import { sha256Of } from '../toolchain/sha256';
import { userToolchain } from '../toolchain/toolchain';
import { DockerEngine, personsEngineAnswers } from './engine';

const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'udev',
  'kmod',
  'procps',
  'netbase',
  'cloud-init',
  'python3-cryptography',
  'curl',
  'ca-certificates',
  'openssl',
  'iproute2',
  'iptables',
  'openssh-server',
  // For Git's side of the sandbox, which is made from it, too.
  'git',
];
/** As a droplet's. */
const UBUNTU = 'ubuntu:24.04';
const DEBIAN = 'bookworm';

/** Does what takes long of it, before there is an engine of ours. */
export async function prepareMachineImage(progress: (line: string) => void): Promise<void> {
  if (personsEngineAnswers()) await machineImage(new DockerEngine(), progress);
  else await rootFileSystem(recipe(), progress);
}

/**
 * Ubuntu, as on a droplet, where the engine can pull it; else Debian from its packages. Made once.
 *
 * @returns the name of the image in the engine
 */
export async function machineImage(engine: DockerEngine, progress: (line: string) => void): Promise<string> {
  const image = `forge-machine:${recipe()}`;
  if ((await engine.attempt(['image', 'inspect', image])).code === 0) return image;
  if (!engine.isOurs && (await engine.attempt(['pull', '--quiet', UBUNTU])).code === 0) {
    progress("Making the machines' image from Ubuntu's, about a minute, once");
    const install = `apt-get update && apt-get install --yes --no-install-recommends ${PACKAGES.join(' ')}`;
    await engine.run(['build', '--quiet', '--tag', image, '-'], `FROM ${UBUNTU}\nRUN ${install}\n`);
  } else {
    await engine.run(['import', await rootFileSystem(recipe(), progress), image]);
  }
  return image;
}

function recipe(): string {
  return sha256Of([UBUNTU, DEBIAN, ...PACKAGES].join()).slice(0, 12);
}

async function rootFileSystem(name: string, progress: (line: string) => void): Promise<string> {
  const folder = join(dirname(userToolchain().cache), 'machine-image');
  const archive = join(folder, `${name}.tar`);
  if (existsSync(archive)) return archive;
  if (findOnPath('mmdebstrap') === undefined) {
    throw new CommandFailure(
      "The machines' image is made with mmdebstrap, which is not installed: apt install mmdebstrap",
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  progress("Making the machines' image from Debian's packages, about a minute, once");
  const unfinished = join(folder, `${name}.${process.pid}.tar`);
  await outputOf('mmdebstrap', ['--quiet', '--variant=minbase', `--include=${PACKAGES.join()}`, DEBIAN, unfinished]);
  renameSync(unfinished, archive);
  return archive;
}

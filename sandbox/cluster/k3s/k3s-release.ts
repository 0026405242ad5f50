/** The program that an emulated droplet gets when it downloads k3s: our double of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { K3S_VERSIONS, k3sRelease } from '#config/k3s-releases';
import { BootFailure } from '../boot-failure';
import type { DropletDisk } from '../droplet/droplet-disk';

/** SHA-256 of the releases' file `k3s`, by version. */
export type K3sReleases = ReadonlyMap<string, string>;

export const KNOWN_RELEASES: K3sReleases = new Map(
  K3S_VERSIONS.map(k3sRelease).map(({ version, sha256 }) => [version, sha256]),
);

/** Where install-k3s.sh puts it. */
const PROGRAM = '/usr/local/bin/k3s';
const DOUBLE = join(__dirname, '../droplet/commands/k3s');
const VERSION = '# Stands for k3s ';
const PATH = /^\/k3s-io\/k3s\/releases\/download\/(v[\d.]+%2Bk3s\d+)\/k3s$/;

/**
 * @param path of a download from GitHub
 * @returns undefined where there is no such release
 */
export function k3sDownload(path: string, releases: K3sReleases): string | undefined {
  const version = decodeURIComponent(PATH.exec(path)?.[1] ?? '');
  const sha256 = releases.get(version);
  if (sha256 === undefined) return undefined;
  return `${readFileSync(DOUBLE, 'utf8')}${VERSION}${version}\n# SHA-256 of the release: ${sha256}\n`;
}

/** @throws BootFailure where no k3s is installed */
export function installedVersion(disk: DropletDisk): string {
  const line = disk
    .read(PROGRAM)
    .toString()
    .split('\n')
    .find((text) => text.startsWith(VERSION));
  if (line === undefined) throw new BootFailure(`${PROGRAM} is not k3s.`);
  return line.slice(VERSION.length);
}

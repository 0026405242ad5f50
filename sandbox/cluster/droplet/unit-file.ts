/** Unit files that the user data wrote on a droplet. */
import type { DropletDisk } from './droplet-disk';

export const UNITS = '/etc/systemd/system';

/** What a timer starts. */
export function serviceOf(timer: string): string {
  return timer.replace(/\.timer$/, '.service');
}

/** All values of a directive, in the order of the file; a unit that is not there has none. */
export function directives(disk: DropletDisk, unit: string, name: string): string[] {
  const file = `${UNITS}/${unit}`;
  if (!disk.has(file)) return [];
  const lines = disk.read(file).toString().split('\n');
  return lines.flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
}

/** Unit files that the user data wrote on a droplet. */
import type { DropletDisk } from './droplet-disk';

export const UNITS = '/etc/systemd/system';

/** All values of a directive, in the order of the file; a unit that is not there has none. */
export function directives(disk: DropletDisk, unit: string, name: string): string[] {
  const file = `${UNITS}/${unit}`;
  if (!disk.has(file)) return [];
  const lines = disk.read(file).toString().split('\n');
  return lines.flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
}

/** The units that a directive names. */
export function unitsIn(disk: DropletDisk, unit: string, ...names: readonly string[]): string[] {
  return names.flatMap((name) => directives(disk, unit, name)).flatMap((value) => value.split(' '));
}

export function conditionsHold(disk: DropletDisk, unit: string): boolean {
  return directives(disk, unit, 'ConditionPathExists').every((path) =>
    path.startsWith('!') ? !disk.has(path.slice(1)) : disk.has(path),
  );
}

/** What a timer starts. */
export function serviceOf(timer: string): string {
  return timer.replace(/\.timer$/, '.service');
}

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, min: 60, h: 3600 };

/** A time span in the forms that the units use. Source: systemd.time(7). */
export function milliseconds(span: string): number {
  const [, count, unit = ''] = /^(\d+)(s|min|h)?$/.exec(span) ?? [];
  if (count === undefined) throw new Error(`the time span "${span}" is not emulated`);
  return Number(count) * SECONDS[unit]! * 1000;
}

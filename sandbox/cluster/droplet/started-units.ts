/** Units that are started beside k3s: services, and timers for services. */
import type { DropletDisk } from './droplet-disk';
import type { DropletShell, Programs } from './droplet-shell';
import { directives, serviceOf } from './unit-file';

export interface StartedUnits {
  readonly disk: DropletDisk;
  readonly shell: DropletShell;
  /** Besides scripts and stand-ins. */
  readonly programs: Programs;
  readonly log: (line: string) => void;
}

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, min: 60, h: 3600 };

/** @returns how to end them */
export function startUnits(
  units: readonly string[],
  { disk, shell, programs, log }: StartedUnits,
): () => Promise<void> {
  const waiting = new Set<NodeJS.Timeout>();
  const working = new Set<Promise<void>>();
  let ended = false;

  const after = (span: string, work: () => Promise<void>): void => {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      const worked = work();
      working.add(worked);
      void worked.finally(() => working.delete(worked));
    }, milliseconds(span));
    waiting.add(timer.unref());
  };
  const run = async (service: string): Promise<void> => {
    if (!conditionsHold(disk, service)) return;
    try {
      await shell.runUnit(service, 'ExecStart', programs);
    } catch (error) {
      if (ended) return;
      log((error as Error).message);
      if (!directives(disk, service, 'Restart').includes('on-failure')) return;
      for (const span of directives(disk, service, 'RestartSec')) after(span, () => run(service));
    }
  };
  const repeat = async (timer: string): Promise<void> => {
    await run(serviceOf(timer));
    if (!ended) for (const span of directives(disk, timer, 'OnUnitInactiveSec')) after(span, () => repeat(timer));
  };

  for (const unit of units.filter((name) => conditionsHold(disk, name))) {
    if (unit.endsWith('.service')) after('0', () => run(unit));
    for (const span of directives(disk, unit, 'OnActiveSec')) after(span, () => repeat(unit));
  }
  return async () => {
    ended = true;
    for (const timer of waiting) clearTimeout(timer);
    await Promise.all(working);
  };
}

function conditionsHold(disk: DropletDisk, unit: string): boolean {
  return directives(disk, unit, 'ConditionPathExists').every((path) =>
    path.startsWith('!') ? !disk.has(path.slice(1)) : disk.has(path),
  );
}

/** A time span in the forms that the units use. Source: systemd.time(7). */
function milliseconds(span: string): number {
  const [, count, unit = ''] = /^(\d+)(s|min|h)?$/.exec(span) ?? [];
  if (count === undefined) throw new Error(`the time span "${span}" is not emulated`);
  return Number(count) * SECONDS[unit]! * 1000;
}

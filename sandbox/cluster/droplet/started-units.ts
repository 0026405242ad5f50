/** Units that are started beside k3s: services, and timers for services. */
import type { DropletDisk } from './droplet-disk';
import type { DropletShell, Programs } from './droplet-shell';
import { directives, serviceOf } from './unit-file';

export interface StartedUnitsOptions {
  readonly disk: DropletDisk;
  readonly shell: DropletShell;
  /** Besides scripts and stand-ins. */
  readonly programs: Programs;
  readonly log: (line: string) => void;
}

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, min: 60, h: 3600 };

export class StartedUnits {
  private readonly waiting = new Set<NodeJS.Timeout>();
  private readonly working = new Set<Promise<void>>();
  private ended = false;

  constructor(
    units: readonly string[],
    private readonly options: StartedUnitsOptions,
  ) {
    const { disk } = options;
    for (const unit of units.filter((name) => conditionsHold(disk, name))) {
      if (unit.endsWith('.service')) this.after('0', () => this.run(unit));
      for (const span of directives(disk, unit, 'OnActiveSec')) this.after(span, () => this.repeat(unit));
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    for (const timer of this.waiting) clearTimeout(timer);
    await Promise.all(this.working);
  }

  private after(span: string, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      const worked = work();
      this.working.add(worked);
      void worked.finally(() => this.working.delete(worked));
    }, milliseconds(span));
    this.waiting.add(timer.unref());
  }

  private async run(service: string): Promise<void> {
    const { disk, shell, programs, log } = this.options;
    if (!conditionsHold(disk, service)) return;
    try {
      await shell.runUnit(service, 'ExecStart', programs);
    } catch (error) {
      if (this.ended) return;
      log((error as Error).message);
      if (!directives(disk, service, 'Restart').includes('on-failure')) return;
      for (const span of directives(disk, service, 'RestartSec')) this.after(span, () => this.run(service));
    }
  }

  private async repeat(timer: string): Promise<void> {
    await this.run(serviceOf(timer));
    if (this.ended) return;
    for (const span of directives(this.options.disk, timer, 'OnUnitInactiveSec')) {
      this.after(span, () => this.repeat(timer));
    }
  }
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

/** What systemd does with the units that the user data wrote on a droplet, as far as they use it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { BootFailure } from '../boot-failure';
import type { ProgramAnswer } from './droplet-calls';
import type { DropletDisk } from './droplet-disk';
import type { DropletShell } from './droplet-shell';
import { Stopped } from './process-group';
import { conditionsHold, directives, milliseconds, serviceOf, UNITS, unitsIn } from './unit-file';

export type K3sRole = 'server' | 'agent';

export interface SystemdOptions {
  readonly disk: DropletDisk;
  readonly shell: DropletShell;
  /** Starts `k3s server` or `k3s agent`. Settles with READY. */
  readonly startK3s: (role: K3sRole) => Promise<void>;
  readonly say: (line: string) => void;
  /** A unit that nobody tries again has failed. */
  readonly onFailure: (error: unknown) => void;
}

/** Pauses of a machine that boots pass as much faster as the stand-in of `sleep` makes them. */
const HASTE = 60;
const ENABLED = '/etc/systemd/enabled';
const K3S = /^\/usr\/local\/bin\/k3s (server|agent)$/;
/** A unit's command with this prefix may fail. Source: systemd.service(5). */
const MAY_FAIL = /^-/;

export class Systemd {
  /** Services that run or remain after their exit, in the order of their start. */
  private readonly active = new Set<string>();
  private readonly starting = new Map<string, Promise<void>>();
  /** Also those whose conditions do not hold. */
  private readonly timers = new Set<string>();
  /** Services that their timers started. */
  private readonly elapsed = new Set<string>();
  private readonly ending = new AbortController();
  private k3sUnit: string | undefined;
  private k3sRuns = false;
  private stopping = false;

  constructor(private readonly options: SystemdOptions) {}

  /** As at a boot: starts what was enabled. */
  async boot(): Promise<void> {
    for (const unit of this.enabled()) await this.start(unit);
  }

  /** What `systemctl` is asked by scripts and units. */
  systemctl(args: readonly string[]): ProgramAnswer {
    const [verb = '', ...words] = args.filter((word) => word !== '--no-block' && word !== '--quiet');
    const units = words.filter((word) => word !== '--now' && !word.startsWith('systemd-'));
    const missing = units.find((name) => !this.options.disk.has(`${UNITS}/${name}`));
    if (missing !== undefined) return { code: 5, complaint: `Unit ${missing} not found.` };
    if (verb === 'is-active') return { code: units.every((name) => this.active.has(name)) ? 0 : 3 };
    if (verb === 'is-system-running')
      return this.stopping ? { code: 1, output: 'stopping' } : { code: 0, output: 'running' };
    if (verb === 'enable') this.enable(units);
    if (verb === 'start' || words.includes('--now')) this.startAll(units);
    const known = ['enable', 'start', 'daemon-reload'].includes(verb) || units.length === 0;
    return known ? { code: 0 } : { code: 1, complaint: `systemctl ${args.join(' ')} is not emulated.` };
  }

  /** Returns when every unit that was started is up; those of timers are not waited for. */
  async settled(): Promise<void> {
    while (this.starting.size > 0) await Promise.all(this.starting.values());
  }

  /** Timers that nothing starts before the next boot. */
  idleTimers(): string[] {
    return this.options.disk.list(UNITS).filter((unit) => unit.endsWith('.timer') && !this.timers.has(unit));
  }

  /** k3s has ended, however it came. */
  async k3sEnded(): Promise<void> {
    if (this.k3sUnit === undefined || !this.k3sRuns) return;
    this.k3sRuns = false;
    this.active.delete(this.k3sUnit);
    await this.run(this.k3sUnit, 'ExecStopPost');
  }

  /** Stops everything in the reverse order of its start. @param endK3s returns when it is gone */
  async shutDown(endK3s: () => Promise<void>): Promise<void> {
    this.stopping = true;
    for (const unit of [...this.active].reverse()) {
      await this.run(unit, 'ExecStop').catch(({ message }: Error) => this.options.say(message));
      if (unit !== this.k3sUnit) continue;
      await endK3s();
      await this.k3sEnded();
    }
  }

  /** Nothing is started or tried again from now on. */
  end(): void {
    this.ending.abort();
  }

  start(unit: string): Promise<void> {
    if (unit.endsWith('.timer')) this.startTimer(unit);
    if (unit.endsWith('.timer') || this.active.has(unit)) return Promise.resolve();
    const started = this.starting.get(unit) ?? this.bringUp(unit).finally(() => this.starting.delete(unit));
    this.starting.set(unit, started);
    return started;
  }

  /** Runs the service of a timer. One that fails is told; a restart is up to itself. */
  async elapse(timer: string): Promise<void> {
    const service = serviceOf(timer);
    if (!this.timers.has(timer) || this.elapsed.has(service)) return;
    this.elapsed.add(service);
    try {
      await this.bringUp(service);
    } catch (error) {
      if (!this.ending.signal.aborted) this.options.say((error as Error).message);
    } finally {
      this.elapsed.delete(service);
    }
  }

  private startAll(units: readonly string[]): void {
    for (const unit of units) this.start(unit).catch(this.options.onFailure);
  }

  private enabled(): string[] {
    const { disk } = this.options;
    return disk.has(ENABLED) ? disk.read(ENABLED).toString().trim().split('\n') : [];
  }

  private enable(units: readonly string[]): void {
    this.options.disk.write(ENABLED, [...new Set([...this.enabled(), ...units])].join('\n'));
  }

  private async bringUp(unit: string): Promise<void> {
    const { disk } = this.options;
    if (!conditionsHold(disk, unit)) return;
    const wanted = unitsIn(disk, unit, 'Requires', 'Wants').filter((name) => name.endsWith('.service'));
    const missing = wanted.find((name) => !disk.has(`${UNITS}/${name}`));
    if (missing !== undefined) throw new BootFailure(`${unit} needs ${missing}, which the user data does not write.`);
    const follows = (name: string) => unitsIn(disk, name, 'After').includes(unit);
    for (const name of wanted.filter((name) => !follows(name))) await this.start(name);
    for (const name of unitsIn(disk, unit, 'After')) await this.starting.get(name)?.catch(() => undefined);
    await this.untilItSucceeds(unit);
    this.startAll(wanted.filter(follows));
  }

  private async untilItSucceeds(unit: string): Promise<void> {
    const { disk, say } = this.options;
    for (;;) {
      try {
        await this.execute(unit);
        return;
      } catch (error) {
        if (this.ending.signal.aborted) throw new Stopped();
        if (!directives(disk, unit, 'Restart').includes('on-failure')) throw error;
        say((error as Error).message);
      }
      const pause = directives(disk, unit, 'RestartSec').map(milliseconds)[0] ?? 100;
      await sleep(pause / HASTE, undefined, { signal: this.ending.signal }).catch(() => {
        throw new Stopped();
      });
    }
  }

  private async execute(unit: string): Promise<void> {
    const { disk } = this.options;
    const role = directives(disk, unit, 'ExecStart').map((command) => K3S.exec(command)?.[1])[0] as K3sRole | undefined;
    await this.run(unit, 'ExecStartPre');
    if (role !== undefined) return this.executeK3s(unit, role);
    await this.run(unit, 'ExecStart');
    await this.run(unit, 'ExecStartPost');
    if (directives(disk, unit, 'RemainAfterExit').includes('yes')) this.active.add(unit);
  }

  /** Of the types that are used, only `notify` waits for READY: k3s has asked nobody yet. Source: systemd.service(5). */
  private async executeK3s(unit: string, role: K3sRole): Promise<void> {
    const { disk, startK3s } = this.options;
    this.k3sUnit = unit;
    this.k3sRuns = true;
    const waits = directives(disk, unit, 'Type').includes('notify');
    if (waits) await startK3s(role);
    await this.run(unit, 'ExecStartPost');
    this.active.add(unit);
    if (!waits) startK3s(role).catch(this.options.onFailure);
  }

  private async run(unit: string, directive: string): Promise<void> {
    const { disk, shell } = this.options;
    const files = directives(disk, unit, 'EnvironmentFile');
    const environment = parseEnv(files.map((file) => disk.read(file).toString()).join('\n'));
    for (const command of directives(disk, unit, directive)) {
      try {
        await shell.run(command.replace(MAY_FAIL, '').split(' '), environment);
      } catch (error) {
        if (!MAY_FAIL.test(command)) throw new BootFailure(`${unit}: ${(error as Error).message}`);
      }
    }
  }

  /** One by the calendar elapses when its hour comes, which a sandbox does not wait for: see `elapse`. */
  private startTimer(timer: string): void {
    const { disk } = this.options;
    if (this.timers.has(timer)) return;
    this.timers.add(timer);
    if (!conditionsHold(disk, timer)) return;
    for (const span of directives(disk, timer, 'OnActiveSec')) void this.after(span, timer);
  }

  private async after(span: string, timer: string): Promise<void> {
    const { signal } = this.ending;
    const elapsed = await sleep(milliseconds(span), true, { signal, ref: false }).catch(() => false);
    if (!elapsed) return;
    await this.elapse(timer);
    for (const next of directives(this.options.disk, timer, 'OnUnitInactiveSec')) void this.after(next, timer);
  }
}

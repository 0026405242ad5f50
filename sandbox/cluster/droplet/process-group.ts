/** The processes of one droplet. Like the parts of k3s, they live and die together. */
import { until } from '#clients/until';
import type { ProcessSpec, ProcessStarter, RunningProcess } from '#sandbox/processes/process';
import { BootFailure } from '../boot-failure';

/** The droplet goes off or is destroyed: nobody needs what was under way. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

const POLL_MS = 50;

export class ProcessGroup {
  /** Settles with the reason when a process ends by itself. */
  readonly failure: Promise<string>;
  private readonly processes: RunningProcess[] = [];
  /** Ended in order to be started again. */
  private readonly restarting = new Set<RunningProcess>();
  private readonly attached: (() => Promise<void>)[] = [];
  private fail!: (reason: string) => void;
  private failed: string | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly starter: ProcessStarter) {
    this.failure = new Promise((resolve) => (this.fail = resolve));
  }

  start(spec: ProcessSpec): void {
    this.startAt(this.processes.length, spec);
  }

  /** Starts a process again. */
  async restart(spec: ProcessSpec): Promise<void> {
    const index = this.processes.findIndex(({ name }) => name === spec.name);
    const process = this.processes[index]!;
    this.restarting.add(process);
    await process.stop();
    this.startAt(index, spec);
  }

  /** Runs a program to its end. @throws BootFailure if it fails */
  async complete(spec: ProcessSpec): Promise<void> {
    this.requireRunning();
    const process = this.starter.start(spec);
    this.processes.push(process);
    const { succeeded, description } = await process.ended;
    this.processes.splice(this.processes.indexOf(process), 1);
    this.requireRunning();
    if (!succeeded) throw new BootFailure(description);
  }

  /** Has something else that belongs to the droplet closed when the group is stopped. */
  async attach(close: () => Promise<void>): Promise<void> {
    this.attached.push(close);
    if (this.stopping !== undefined) await close();
    this.requireRunning();
  }

  /**
   * Asks again and again until the answer is neither undefined nor false, and returns it.
   *
   * @throws BootFailure when a process of the group ends meanwhile, Stopped when the group is stopped
   */
  async until<T>(check: () => Promise<T | undefined | false> | T | undefined | false, every = POLL_MS): Promise<T> {
    const checkIfRunning = () => {
      this.requireRunning();
      return check();
    };
    const answer = await until(checkIfRunning, { every, what: 'the processes' });
    this.requireRunning();
    return answer;
  }

  /** Ends all, and returns when they are gone. */
  stop(): Promise<void> {
    this.stopping ??= this.endAll();
    return this.stopping;
  }

  private startAt(index: number, spec: ProcessSpec): void {
    this.requireRunning();
    const process = this.starter.start(spec);
    this.processes[index] = process;
    void process.ended.then(({ description }) => {
      if (this.stopping !== undefined || this.failed !== undefined || this.restarting.has(process)) return;
      this.failed = description;
      this.fail(description);
    });
  }

  /** @throws BootFailure when a process of the group has ended, Stopped when the group is stopped */
  requireRunning(): void {
    if (this.stopping !== undefined) throw new Stopped();
    if (this.failed !== undefined) throw new BootFailure(this.failed);
  }

  /** The datastore, started first, ends last: without it the others only complain. */
  private async endAll(): Promise<void> {
    const [datastore, ...others] = this.processes;
    const ended = Promise.all(others.map((process) => process.stop())).then(() => datastore?.stop());
    await Promise.all([ended, ...this.attached.map((close) => close())]);
  }
}

/** The processes of one droplet. Like the parts of k3s, they live and die together. */
import { until } from '#clients/until';
import { BootFailure } from '../boot-failure';
import type { ProcessSpec, ProcessStarter, RunningProcess } from '#sandbox/processes/process';

export interface ProcessGroup {
  start(spec: ProcessSpec): void;
  /** Starts a process again. */
  restart(spec: ProcessSpec): Promise<void>;
  /** Runs a program to its end. @throws BootFailure if it fails */
  complete(spec: ProcessSpec): Promise<void>;
  /**
   * Asks again and again until the answer is yes.
   *
   * @throws BootFailure when a process of the group ends meanwhile, Stopped when the group is stopped
   */
  until(check: () => Promise<boolean> | boolean): Promise<void>;
  /** Has something else that belongs to the droplet closed when the group is stopped. */
  attach(close: () => Promise<void>): Promise<void>;
  /** Settles with the reason when a process ends by itself. */
  readonly failure: Promise<string>;
  /** Ends all, and returns when they are gone. */
  stop(): Promise<void>;
}

/** The droplet is being destroyed: nobody needs what was under way. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

const POLL_MS = 50;

export function processGroup(starter: ProcessStarter): ProcessGroup {
  const processes: RunningProcess[] = [];
  /** Their end is wanted. */
  const leaving = new Set<RunningProcess>();
  const attached: (() => Promise<void>)[] = [];
  let stopped = false;
  let stopping: Promise<void> | undefined;
  let reason: string | undefined;
  let fail: (reason: string) => void;
  const failure = new Promise<string>((resolve) => (fail = resolve));

  const refuseIfOver = (): void => {
    if (stopped) throw new Stopped();
    if (reason !== undefined) throw new BootFailure(reason);
  };
  const start = (spec: ProcessSpec, place = processes.length): void => {
    refuseIfOver();
    const started = starter.start(spec);
    processes[place] = started;
    void started.ended.then(({ description }) => {
      if (stopped || reason !== undefined || leaving.has(started)) return;
      reason = description;
      fail(description);
    });
  };
  return {
    failure,
    start: (spec) => start(spec),
    async restart(spec) {
      const place = processes.findIndex(({ name }) => name === spec.name);
      leaving.add(processes[place]!);
      await processes[place]!.stop();
      start(spec, place);
    },
    async complete(spec) {
      refuseIfOver();
      const started = starter.start(spec);
      processes.push(started);
      const { succeeded, description } = await started.ended;
      processes.splice(processes.indexOf(started), 1);
      refuseIfOver();
      if (!succeeded) throw new BootFailure(description);
    },
    async attach(close) {
      attached.push(close);
      if (stopped) await close();
      refuseIfOver();
    },
    async until(check) {
      const refusing = () => {
        refuseIfOver();
        return check();
      };
      await until(refusing, { every: POLL_MS, what: 'the processes' });
      refuseIfOver();
    },
    stop() {
      stopped = true;
      return (stopping ??= Promise.all([endAll(processes), ...attached.map((close) => close())]).then(() => undefined));
    },
  };
}

/** The datastore, started first, ends last: without it the others only complain. */
async function endAll([datastore, ...others]: readonly RunningProcess[]): Promise<void> {
  await Promise.all(others.map((process) => process.stop()));
  await datastore?.stop();
}

/** A machine that boots the user data, as a test sees it. */
import { join } from 'node:path';
import type { ProgramResult } from '#clients/program';
import { until } from '#clients/until';
import type { DockerCloud } from '#sandbox/docker/docker-cloud';
import type { DockerMachine } from '#sandbox/docker/docker-machine';
import { Surroundings, type Hold, type Step } from './surroundings';

/** To ask a machine is much work for an engine that runs a dozen of them. */
const POLL_MS = 1000;
const PATIENCE_MS = 240_000;
const QUICK_SLEEP = join(__dirname, 'quick-sleep.sh');
const HOLD = join(__dirname, 'hold');

/** How the double of k3s was called. */
export interface Call {
  readonly arguments: readonly string[];
  /** All files of k3s' configuration at that moment. */
  readonly settings: string;
}

export interface DropletOrder {
  readonly id: number;
  readonly name: string;
  readonly userData: string;
}

export class Droplet {
  readonly meets = new Surroundings();
  private readonly extra = ['--volume', `${QUICK_SLEEP}:/usr/local/sbin/sleep:ro`];
  private booted?: DockerMachine;

  constructor(
    private readonly cloud: DockerCloud,
    readonly order: DropletOrder,
  ) {}

  get machine(): DockerMachine {
    if (this.booted === undefined) throw new Error(`${this.order.name} was not booted`);
    return this.booted;
  }

  get publicAddress(): string | undefined {
    return this.booted?.publicAddress;
  }

  /** @param extra further arguments of `docker run` */
  async boot(...extra: readonly string[]): Promise<this> {
    this.booted = this.cloud.machine({ ...this.order, extra: [...this.extra, ...extra] });
    await this.booted.powerOn();
    return this;
  }

  /** From now on it waits there. To be called before it gets there. */
  hold(step: Step): Hold {
    return this.meets.hold(step);
  }

  /** Before the first command of its preparation's scripts that starts like this. To be called before it boots. */
  holdBefore(command: string): Hold {
    this.extra.push('--volume', `${HOLD}:/etc/systemd/system/forge-bootstrap.service.d:ro`);
    this.extra.push('--env', `HOLD_BEFORE=${command}`);
    return this.hold('command');
  }

  /** Before the first call of a program of /usr/bin. To be called before it boots. */
  holdProgram(name: string): Hold {
    this.extra.push('--volume', `${join(HOLD, 'program.sh')}:/usr/local/sbin/${name}:ro`);
    return this.hold('command');
  }

  /** Waits until it is held there. */
  async reaches({ step, reached }: Hold): Promise<void> {
    let isThere = false;
    void reached.then(() => (isThere = true));
    await this.waitFor(`is at ${step}`, () => isThere);
  }

  /** Its power fails. Whatever was held goes on, and then its power comes back. */
  async losePower(): Promise<void> {
    await this.machine.cutPower();
    this.meets.losePower();
    await this.machine.powerOn();
  }

  exec(command: string): Promise<ProgramResult> {
    return this.machine.exec(command);
  }

  /** Waits until a shell command succeeds on it. */
  async until(command: string): Promise<void> {
    await this.waitFor(command, async () => (await this.exec(command)).code === 0);
  }

  /** Waits until its console shows this. */
  async shows(text: string): Promise<void> {
    await this.waitFor(`shows ${text}`, async () => (await this.machine.console()).includes(text));
  }

  /** Waits until its k3s has said READY. */
  async isNode(): Promise<void> {
    await this.waitFor('starts k3s', () => this.meets.hasPassed('ready'));
    await this.until('systemctl is-active --quiet k3s.service || systemctl is-active --quiet k3s-agent.service');
  }

  /** All calls of the double, or those that start k3s. */
  async calls(command?: 'server' | 'agent'): Promise<Call[]> {
    const { text } = await this.exec('cat /var/lib/k3s-double/calls 2>/dev/null');
    const calls = text.split('\n').filter((line) => line.startsWith('{'));
    const all = calls.map((line) => JSON.parse(line) as Call);
    return command === undefined ? all : all.filter((call) => call.arguments[0] === command);
  }

  private waitFor(what: string, check: () => boolean | Promise<boolean>): Promise<unknown> {
    return until(check, { every: POLL_MS, limit: PATIENCE_MS, what }).catch(async () => {
      const { text } = await this.exec('journalctl --boot --no-pager --lines 40');
      throw new Error(`${this.order.name}: waited in vain until it ${what}.\n${text}`);
    });
  }
}

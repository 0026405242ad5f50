/** What becomes of a machine that is on: whether what its user data asks for runs, and what it waits for. */
import type { MachineOrder, MachineStatus } from '../cloud/machines';
import type { DockerMachine } from './docker-machine';

const INTERVAL_MS = 2000;
/** Prints `running` when k3s is ready, else the last thing that its bootstrap said, or cloud-init. */
const QUESTION = `
for unit in k3s k3s-agent; do
  if systemctl is-active --quiet $unit 2>/dev/null; then echo running; exit; fi
done
said="$(journalctl --unit forge-bootstrap --unit k3s --unit k3s-agent --output cat --lines 1 --no-pager --quiet 2>/dev/null)"
echo "\${said:-cloud-init: $(cloud-init status 2>/dev/null | tail -n 1)}"`;

export class MachineWatch {
  private state: MachineStatus['state'] = 'booting';
  private reason: string | undefined = 'power is on';
  private readonly timer: NodeJS.Timeout;
  private isAsking = false;

  constructor(
    private readonly machine: DockerMachine,
    private readonly order: Pick<MachineOrder, 'tags'>,
    private readonly log: (line: string) => void,
  ) {
    this.timer = setInterval(() => void this.ask(), INTERVAL_MS).unref();
  }

  status(): MachineStatus {
    const { id, name } = this.machine;
    // As forge names its tags.
    const role = this.order.tags.some((tag) => tag.toLowerCase().endsWith('-server')) ? 'server' : 'worker';
    return { id, name, role, state: this.state, ...(this.reason !== undefined && { reason: this.reason }) };
  }

  /** By the cloud, so it is no failure that nothing runs. */
  turnedOff(): void {
    this.stop();
    this.tell('off', undefined);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async ask(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      await this.look();
    } finally {
      this.isAsking = false;
    }
  }

  private async look(): Promise<void> {
    const { code, text } = await this.machine.exec(QUESTION);
    if (this.state === 'off') return;
    const said = text.trim();
    if (said === 'running') this.tell('running', undefined);
    else if (code === 0) this.tell('booting', said);
    else if ((await this.machine.state()) === 'exited') this.tell('failed', 'the container ended by itself');
  }

  private tell(state: MachineStatus['state'], reason: string | undefined): void {
    if (state === this.state && reason === this.reason) return;
    [this.state, this.reason] = [state, reason];
    this.log(`${this.machine.name}: ${state}${reason === undefined ? '' : `, ${reason}`}`);
  }
}

/** One emulated droplet from power-on to power-off. */
import type { MachineOrder, MachineStatus } from '../cloud/machines';
import type { ProcessStarter } from '../processes/process';
import { BootFailure } from './boot-failure';
import { bootServer } from './boot/server-boot';
import { bootWorker } from './boot/worker-boot';
import type { DropletDisk } from './droplet/droplet-disk';
import { DropletShell } from './droplet/droplet-shell';
import { ProcessGroup, Stopped } from './droplet/process-group';
import { requireUnits } from './droplet/systemd-units';
import { runUnitsAfterK3s } from './droplet/unit-commands';
import { parseUserData } from './droplet/user-data';
import { readBootstrapSettings } from './k3s/bootstrap-settings';
import { K3sService, tellSystemd } from './k3s/k3s-service';
import type { BootedNode, Datacenter, Machine } from './machine';

export interface DropletMachineOptions {
  readonly droplet: MachineOrder;
  readonly disk: DropletDisk;
  readonly datacenter: Datacenter;
  readonly starter: ProcessStarter;
  /** It does not take requests any longer. Given the node that it was, if it became one. */
  readonly onCrash: (booted: BootedNode | undefined) => void;
}

/** cloud-init leaves it when it is done, and then never runs again on this machine. */
const FINISHED = '/var/lib/cloud/instance/boot-finished';

export class DropletMachine implements Machine {
  droplet: MachineOrder;
  readonly disk: DropletDisk;
  readonly processes: ProcessGroup;
  readonly shell: DropletShell;
  readonly service: K3sService;
  readonly progress = (text: string): void => void (this.reason = text);
  private readonly datacenter: Datacenter;
  private role: MachineStatus['role'];
  private state: MachineStatus['state'] = 'booting';
  private reason: string | undefined;
  private node: BootedNode | undefined;
  private booting = Promise.resolve();
  private crashed: Promise<void> | undefined;

  constructor(private readonly options: DropletMachineOptions) {
    const { droplet, disk, datacenter, starter } = options;
    this.droplet = droplet;
    this.disk = disk;
    this.datacenter = datacenter;
    this.processes = new ProcessGroup(starter);
    this.shell = new DropletShell(disk, { FORGE_SPACES: datacenter.spaces });
    this.service = new K3sService(disk, this.shell, (line) => this.log(line));
    this.role = roleOf(droplet);
  }

  /** Once it is a node. */
  get booted(): BootedNode | undefined {
    return this.state === 'off' ? undefined : this.node;
  }

  /** Boots in the background: see `status`. */
  powerOn(): void {
    // What the kernel and systemd held in memory.
    this.disk.remove('/run');
    this.booting = this.boot().catch((error: unknown) => {
      if (!(error instanceof Stopped)) this.crash(explain(error));
    });
    void this.processes.failure.then((reason) => this.crash(reason));
  }

  status(): MachineStatus {
    const { id, name } = this.droplet;
    const reason = this.reason === undefined ? {} : { reason: this.reason };
    return { id, name, role: this.role, state: this.state, ...reason };
  }

  /** Ends it with a reason, as if it had crashed. */
  crash(reason: string): void {
    if (this.state === 'failed') return;
    this.state = 'failed';
    this.reason = reason;
    this.log(reason);
    this.options.onCrash(this.booted);
    this.crashed = this.processes.stop().then(() => this.service.ended());
  }

  /** As if somebody had pressed its power button: returns when it is off. */
  async shutDown(): Promise<void> {
    tellSystemd(this.disk);
    if (this.state === 'running') await runUnitsAfterK3s(this, 'ExecStop', this.datacenter.log);
    await this.powerOff();
  }

  /** As if its power were cut: no unit of systemd is stopped. Returns when it is off. */
  async powerOff(): Promise<void> {
    await this.processes.stop();
    await this.service.ended();
    await this.stop();
    this.state = 'off';
  }

  /** For good: returns when its processes are gone. */
  async stop(): Promise<void> {
    await Promise.all([this.processes.stop(), this.crashed]);
    await this.shell.close();
    await this.booting;
  }

  private async boot(): Promise<void> {
    if (!this.disk.has(FINISHED)) this.runCloudInit();
    const settings = readBootstrapSettings(this.disk);
    this.role = settings.role === 'agent' ? 'worker' : 'server';
    const boot = this.role === 'server' ? bootServer : bootWorker;
    this.node = await boot(this, this.datacenter, settings);
    this.state = 'running';
    this.reason = undefined;
    this.log(`Node ${this.node.nodeName} is Ready.`);
  }

  private runCloudInit(): void {
    const userData = parseUserData(this.droplet.userData);
    requireUnits(userData);
    for (const { path, content, mode } of userData.files) this.disk.write(path, content, mode);
    this.disk.write(FINISHED, '');
  }

  private log(line: string): void {
    this.datacenter.log(`${this.droplet.name}: ${line}`);
  }
}

/** Until the user data is read. */
function roleOf({ tags }: MachineOrder): MachineStatus['role'] {
  return tags.some((tag) => tag.toLowerCase().endsWith('-server')) ? 'server' : 'worker';
}

function explain(error: unknown): string {
  if (error instanceof BootFailure) return error.message;
  return `Unexpected: ${error instanceof Error ? error.message : String(error)}`;
}

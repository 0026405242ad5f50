/** One emulated droplet from power-on to power-off: its own units and scripts run, and a double plays k3s. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineOrder, MachineStatus } from '../cloud/machines';
import { metadata } from '../cloud/metadata';
import type { ProcessStarter } from '../processes/process';
import { BootFailure } from './boot-failure';
import { K3sDouble } from './boot/k3s-double';
import { DropletCalls } from './droplet/droplet-calls';
import type { DropletDisk } from './droplet/droplet-disk';
import { DropletShell } from './droplet/droplet-shell';
import { ProcessGroup, Stopped } from './droplet/process-group';
import { Systemd, type K3sRole } from './droplet/systemd';
import { parseUserData } from './droplet/user-data';
import { k3sDownload } from './k3s/k3s-release';
import { askSupervisor } from './k3s/supervisor';
import { toolPath, type BootedNode, type Datacenter, type Machine } from './machine';

export interface DropletMachineOptions {
  readonly droplet: MachineOrder;
  readonly disk: DropletDisk;
  readonly datacenter: Datacenter;
  readonly starter: ProcessStarter;
  /** For sockets: its path is short. */
  readonly sockets: string;
  /** It does not take requests any longer. Given the node that it was, if it became one. */
  readonly onCrash: (booted: BootedNode | undefined) => void;
}

/** cloud-init leaves it when it is done, and then never runs again on this machine. */
const FINISHED = '/var/lib/cloud/instance/boot-finished';
const REPORT = 'forge-report-certificates.timer';

export class DropletMachine implements Machine {
  readonly droplet: MachineOrder;
  readonly disk: DropletDisk;
  readonly processes: ProcessGroup;
  private readonly datacenter: Datacenter;
  private readonly shell: DropletShell;
  private readonly systemd: Systemd;
  private readonly k3s: K3sDouble;
  private calls: DropletCalls | undefined;
  private role: MachineStatus['role'];
  private state: MachineStatus['state'] = 'booting';
  private reason: string | undefined;
  private lastSaid: string | undefined;
  private node: BootedNode | undefined;
  /** k3s from its start until its Node is Ready. */
  private joining: Promise<void> | undefined;
  private booting = Promise.resolve();
  private crashed: Promise<void> | undefined;

  constructor(private readonly options: DropletMachineOptions) {
    const { droplet, disk, datacenter, starter } = options;
    this.droplet = droplet;
    this.disk = disk;
    this.datacenter = datacenter;
    this.processes = new ProcessGroup(starter);
    this.k3s = new K3sDouble(this, datacenter);
    this.shell = new DropletShell(disk, this.environment(), (line) => this.say(line));
    this.systemd = new Systemd({
      disk,
      shell: this.shell,
      startK3s: (role) => this.startK3s(role),
      say: (line) => this.say(line),
      onFailure: (error) => this.failed(error),
    });
    this.role = roleOf(droplet);
  }

  /** Once it is a node. */
  get booted(): BootedNode | undefined {
    return this.state === 'off' ? undefined : this.node;
  }

  readonly progress = (text: string): void => {
    if (this.state === 'booting') this.reason = text;
  };

  /** Boots in the background: see `status`. */
  powerOn(): void {
    this.booting = this.boot().catch((error: unknown) => this.failed(error));
    void this.processes.failure.then((reason) => this.crash(reason));
  }

  status(): MachineStatus {
    const { id, name } = this.droplet;
    const reason = this.reason === undefined ? {} : { reason: this.reason };
    return { id, name, role: this.role, state: this.state, ...reason };
  }

  /** Ends it with a reason, as if it had crashed. */
  crash(reason: string): void {
    if (this.state === 'failed' || this.state === 'off') return;
    this.state = 'failed';
    this.reason = reason;
    this.log(reason);
    this.options.onCrash(this.booted);
    this.systemd.end();
    this.crashed = this.processes.stop().then(() => this.systemd.k3sEnded());
  }

  /** As if somebody had pressed its power button: returns when it is off. */
  async shutDown(): Promise<void> {
    if (this.state !== 'failed') await this.systemd.shutDown(() => this.processes.stop());
    await this.powerOff();
  }

  /** As if its power were cut: no unit of systemd is stopped. Returns when it is off. */
  async powerOff(): Promise<void> {
    await this.stop();
    this.state = 'off';
  }

  /** For good: returns when its processes are gone. */
  async stop(): Promise<void> {
    this.systemd.end();
    await Promise.all([this.processes.stop(), this.crashed]);
    await this.shell.close();
    await this.booting;
    await this.calls?.close();
    // What the kernel and systemd held in memory.
    this.disk.remove('/run');
  }

  private async boot(): Promise<void> {
    await this.openCalls();
    for (const folder of ['/run', '/usr/local/bin']) this.disk.makeFolder(folder);
    if (this.disk.has(FINISHED)) await this.systemd.boot();
    else await this.runCloudInit();
    await this.systemd.settled();
    if (this.joining === undefined) {
      throw new BootFailure('Nothing in the user data started k3s: see runcmd and the systemd units.');
    }
    await this.joining;
    await this.systemd.settled();
    const idle = this.systemd.idleTimers()[0];
    if (idle !== undefined) throw new BootFailure(`Nothing starts ${idle} before the next boot.`);
    this.processes.requireRunning();
    this.state = 'running';
    this.reason = undefined;
    this.log(`Node ${this.node!.nodeName} is Ready.`);
  }

  private async runCloudInit(): Promise<void> {
    const { files, commands } = parseUserData(this.droplet.userData);
    for (const { path, content, mode } of files) this.disk.write(path, content, mode);
    for (const command of commands) await this.shell.run(typeof command === 'string' ? command.split(' ') : command);
    this.disk.write(FINISHED, '');
  }

  /** Settles with READY. */
  private startK3s(role: K3sRole): Promise<void> {
    this.role = role === 'server' ? 'server' : 'worker';
    return new Promise((resolve, reject) => {
      this.joining = this.k3s.run(role, resolve).then(async (node) => {
        const report = () => this.systemd.elapse(REPORT);
        this.node = { ...node, report };
        await report();
      });
      this.joining.catch(reject);
    });
  }

  private failed(error: unknown): void {
    if (!(error instanceof Stopped)) this.crash(explain(error));
  }

  private async openCalls(): Promise<void> {
    this.calls = await DropletCalls.open({
      socket: this.socket,
      programs: {
        systemctl: (args) => this.systemd.systemctl(args),
        k3s: (args) => this.k3s.call(args),
      },
      get: (url, authorization) => this.get(url, authorization),
    });
  }

  private get socket(): string {
    return join(this.options.sockets, `${this.droplet.id}`);
  }

  private async get(url: URL, authorization: string | undefined): Promise<string | Buffer | number | undefined> {
    const { releases, downloadMs } = this.datacenter;
    if (url.hostname === '169.254.169.254') return metadata(this.droplet, url.pathname) ?? 404;
    if (url.hostname !== 'github.com') return askSupervisor(this, this.datacenter, url, authorization);
    // Minutes on a real worker, in which the droplet is active, but no node.
    if (this.role === 'worker') await sleep(downloadMs, undefined, { ref: false });
    return k3sDownload(url.pathname, releases) ?? 404;
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      FORGE_SANDBOX: this.socket,
      FORGE_SPACES: this.datacenter.spaces,
      FORGE_PRIVATE_ADDRESS: this.droplet.privateAddress,
      FORGE_KUBECTL: toolPath(this.datacenter, 'kubectl'),
    };
  }

  /** What a person would see on its console, where the same line again says nothing. */
  private say(line: string): void {
    this.progress(line);
    if (line !== this.lastSaid) this.log(line);
    this.lastSaid = line;
  }

  private log(line: string): void {
    this.datacenter.log(`${this.droplet.name}: ${line}`);
  }
}

/** Until k3s is started. */
function roleOf({ tags }: MachineOrder): MachineStatus['role'] {
  return tags.some((tag) => tag.toLowerCase().endsWith('-server')) ? 'server' : 'worker';
}

function explain(error: unknown): string {
  if (error instanceof BootFailure) return error.message;
  return `Unexpected: ${error instanceof Error ? error.message : String(error)}`;
}

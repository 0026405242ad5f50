/** The emulated droplets as containers, and the public addresses that lead to them. */
import { join } from 'node:path';
import type { MachineOrder, Machines, MachineStatus, MachineVolume, PacketFilter } from '../cloud/machines';
import type { TcpForwarder } from '../net/forwarder';
import { DockerBalancer } from './docker-balancer';
import type { DockerCloud } from './docker-cloud';
import type { DockerMachine } from './docker-machine';
import { DockerVolumes } from './docker-volumes';
import type { DockerEngine } from './engine';
import { packetRules } from './packet-rules';
import { MachineWatch } from './machine-watch';

export interface DockerMachinesOptions {
  readonly engine: DockerEngine;
  readonly image: string;
  readonly cloud: DockerCloud;
  /** For what load balancers read. */
  readonly folder: string;
  /** For the volumes' files. */
  readonly volumes: string;
  readonly log: (line: string) => void;
}

interface Droplet {
  readonly machine: DockerMachine;
  readonly watch: MachineWatch;
}

/** Seconds for a machine to end its work. */
const SHUTDOWN_SECONDS = 120;

export class DockerMachines implements Machines {
  private readonly droplets = new Map<number, Droplet>();
  private readonly balancers = new Map<string, DockerBalancer>();
  private readonly reservedIps = new Map<string, TcpForwarder>();
  private readonly filters = new Map<number, PacketFilter | undefined>();

  private readonly disks: DockerVolumes;

  constructor(private readonly options: DockerMachinesOptions) {
    const { engine, image, cloud, volumes: folder } = options;
    const machineOf = (id: number) => this.droplets.get(id)?.machine;
    this.disks = new DockerVolumes({ engine, image, label: cloud.label, folder, machineOf });
  }

  /** One that was on already goes on. */
  async boot(order: MachineOrder): Promise<void> {
    const known = this.droplets.get(order.id);
    known?.watch.stop();
    const machine = this.options.cloud.machine(order);
    this.droplets.set(order.id, { machine, watch: new MachineWatch(machine, order, this.options.log) });
    await machine.filter(this.rulesFor(order.id));
    await machine.powerOn();
    await this.applyReservedIps(machine);
    await this.disks.showTo(machine);
  }

  async shutDown(id: number): Promise<void> {
    const droplet = this.droplets.get(id);
    droplet?.watch.turnedOff();
    await droplet?.machine.shutDown(SHUTDOWN_SECONDS);
  }

  async powerOff(id: number): Promise<void> {
    const droplet = this.droplets.get(id);
    droplet?.watch.turnedOff();
    await droplet?.machine.cutPower();
  }

  async destroy(id: number): Promise<void> {
    const droplet = this.droplets.get(id);
    if (droplet === undefined) return;
    droplet.watch.stop();
    this.droplets.delete(id);
    this.filters.delete(id);
    await this.options.cloud.destroy(droplet.machine);
  }

  async filter(id: number, filter: PacketFilter | undefined): Promise<void> {
    this.filters.set(id, filter);
    await this.droplets.get(id)?.machine.filter(this.rulesFor(id));
  }

  volumes(all: readonly MachineVolume[]): Promise<void> {
    return this.disks.set(all);
  }

  /** A reserved IP becomes an address of its machine; a load balancer is a container. */
  async forward(id: string, forwarder: TcpForwarder | undefined): Promise<void> {
    if (forwarder === undefined ? this.reservedIps.has(id) : forwarder.healthCheckPort === undefined) {
      await this.moveReservedIp(id, forwarder);
    } else {
      await this.balance(id, forwarder);
    }
  }

  status(): { readonly droplets: readonly MachineStatus[] } {
    return { droplets: [...this.droplets.values()].map(({ watch }) => watch.status()) };
  }

  /** Has one server that is ready save a snapshot now. @returns its name; none where no server is */
  async snapshot(): Promise<string[]> {
    const ready = [...this.droplets.values()].find(({ watch }) => {
      const { role, state } = watch.status();
      return role === 'server' && state === 'running';
    });
    if (ready === undefined) return [];
    const { code, text } = await ready.machine.exec('k3s etcd-snapshot save --name etcd-snapshot');
    if (code !== 0) throw new Error(`${ready.machine.name} could not save a snapshot: ${text.trim()}`);
    return [/Snapshot (\S+) saved/.exec(text)?.[1] ?? 'etcd-snapshot'];
  }

  /** Powers everything off; disks and networks stay. */
  async stop(): Promise<void> {
    for (const { watch } of this.droplets.values()) watch.stop();
    await Promise.all([
      ...[...this.balancers.values()].map((balancer) => balancer.remove()),
      ...[...this.droplets.values()].map(async ({ machine }) => {
        if ((await machine.state()) === 'running') await machine.cutPower();
      }),
    ]);
    this.droplets.clear();
    this.balancers.clear();
  }

  private rulesFor(id: number): string {
    const { gateway, metadataPort } = this.options.cloud;
    const addressesOf = (forwarder: string) => this.balancers.get(forwarder)?.addresses ?? [];
    return packetRules(this.filters.get(id), { gateway, metadataPort, addressesOf });
  }

  private async moveReservedIp(id: string, forwarder: TcpForwarder | undefined): Promise<void> {
    const before = this.reservedIps.get(id);
    const old = before && this.machineAt(before.targets[0]!);
    if (before !== undefined) await old?.exec(`ip address delete ${before.address}/32 dev eth0`);
    this.reservedIps.delete(id);
    if (forwarder === undefined) return;
    this.reservedIps.set(id, forwarder);
    const machine = this.machineAt(forwarder.targets[0]!);
    if (machine !== undefined) await this.applyReservedIps(machine);
  }

  /** A machine that is off gets them when it is on. */
  private async applyReservedIps(machine: DockerMachine): Promise<void> {
    for (const { address, targets } of this.reservedIps.values()) {
      if (targets[0] === machine.publicAddress) await machine.exec(`ip address replace ${address}/32 dev eth0`);
    }
  }

  private machineAt(publicAddress: string): DockerMachine | undefined {
    return [...this.droplets.values()].find(({ machine }) => machine.publicAddress === publicAddress)?.machine;
  }

  private async balance(id: string, forwarder: TcpForwarder | undefined): Promise<void> {
    const balancer = this.balancers.get(id);
    if (forwarder === undefined) {
      this.balancers.delete(id);
      await balancer?.remove();
    } else if (balancer !== undefined) {
      balancer.update(forwarder);
    } else {
      const { engine, image, cloud, folder } = this.options;
      const { publicNetwork: network, label } = cloud;
      const container = `${network}-${id.slice(-12)}`;
      const started = { engine, image, container, network, label, folder: join(folder, id) };
      this.balancers.set(id, await DockerBalancer.start(started, forwarder));
    }
  }
}

/** The emulated droplets and the addresses that lead to them. Each droplet brings up what its own user data asks for. */
import { join } from 'node:path';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import type { MachineOrder, Machines, MachineStatus, MayReach } from '../cloud/machines';
import { Forwarding, type TcpForwarder } from '../net/forwarder';
import { processStarter, type ProcessStarter } from '../processes/process';
import { endLeftovers } from '../processes/process-record';
import { NodeLifecycle } from './boot/node-lifecycle';
import { Clusters } from './cluster-directory';
import { API_PORT } from './control-plane/api-server';
import { DropletDisk } from './droplet/droplet-disk';
import { DropletMachine } from './droplet-machine';
import { KNOWN_RELEASES, type K3sReleases } from './k3s/k3s-release';
import { ownsAddress, type Datacenter } from './machine';
import { onSchedule, snapshotSaver, type SaveSnapshot } from './snapshots/snapshots';
import { SpacesSnapshots } from './snapshots/spaces-snapshots';

export interface ClusterRuntimeOptions {
  /** For disks, logs and process records; holds secrets, so for the owner only. */
  readonly folder: string;
  /** For the machines' sockets: a path that is short. */
  readonly sockets: string;
  /** Paths of kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, etcd, etcdutl and kwok by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** URL of the emulated Spaces. */
  readonly spaces: string;
  /** What can be downloaded. Default: what this project can install. */
  readonly releases?: K3sReleases;
  /** How long a new worker downloads k3s before it can become a node. Default: 0. */
  readonly downloadMs?: number;
  /** The cloud's firewalls; without them everybody is let in. */
  readonly mayReach?: MayReach;
}

/** The machines, and what the sandbox can do besides what the cloud asks for. */
export class ClusterRuntime implements Machines {
  private readonly machines = new Map<number, DropletMachine>();
  private readonly forwardings = new Map<string, Forwarding>();
  private readonly starter: ProcessStarter;
  private readonly clusters: Clusters;
  private readonly lifecycle: NodeLifecycle;
  private readonly saveSnapshot: SaveSnapshot;
  private readonly endSchedule: () => void;
  private readonly datacenter: Datacenter;
  /** What an earlier sandbox left running has ended. */
  private readonly cleaned: Promise<unknown>;

  constructor(private readonly options: ClusterRuntimeOptions) {
    const { folder, log, spaces, tools } = options;
    this.starter = processStarter(folder);
    this.cleaned = endLeftovers(folder);
    // A failure is thrown by the first call, which waits for it.
    this.cleaned.catch(() => undefined);
    this.clusters = new Clusters({
      folder,
      log,
      kwok: tools['kwok'] ?? 'kwok',
      processes: this.starter,
      onKubeletsLost: (reason) => {
        for (const machine of this.machines.values()) machine.crash(`The kubelets' stand-in is lost: ${reason}`);
      },
    });
    this.lifecycle = new NodeLifecycle(this.clusters, log);
    const snapshots = new SpacesSnapshots(spaces);
    this.saveSnapshot = snapshotSaver(snapshots, log);
    this.endSchedule = this.saveOnSchedule();
    this.datacenter = {
      tools,
      spaces,
      snapshots,
      log,
      clusters: this.clusters,
      saveSnapshot: this.saveSnapshot,
      releases: options.releases ?? KNOWN_RELEASES,
      downloadMs: options.downloadMs ?? 0,
      mayReach: options.mayReach ?? (() => true),
      dropletIds: () => [...this.machines.keys()],
      nodesOf: (cluster) =>
        [...this.machines.values()].flatMap(({ booted }) => (booted?.cluster === cluster ? [booted] : [])),
    };
  }

  async boot(droplet: MachineOrder): Promise<void> {
    await this.cleaned;
    if ((this.machines.get(droplet.id)?.status().state ?? 'off') !== 'off') {
      throw new Error(`droplet ${droplet.id} is on already`);
    }
    const machine = new DropletMachine({
      droplet,
      disk: new DropletDisk(join(this.options.folder, 'droplets', `${droplet.id}`)),
      datacenter: this.datacenter,
      starter: this.starter,
      sockets: this.options.sockets,
      onCrash: (booted) => {
        this.lifecycle.takeOutOfRotation(droplet.id);
        if (booted !== undefined) void this.lifecycle.loseKubelet(booted);
      },
    });
    this.machines.set(droplet.id, machine);
    machine.powerOn();
  }

  /** Its Node stays, too. */
  async shutDown(id: number): Promise<void> {
    await this.cleaned;
    await this.lifecycle.leaveCluster(id);
    await this.machines.get(id)?.shutDown();
  }

  /** Its Node stays, too, and nobody has moved its pods. */
  async powerOff(id: number): Promise<void> {
    await this.cleaned;
    await this.lifecycle.leaveCluster(id);
    await this.machines.get(id)?.powerOff();
  }

  /** Its place in etcd and its Node go, too. */
  async destroy(id: number): Promise<void> {
    await this.cleaned;
    const machine = this.machines.get(id);
    if (machine === undefined) return;
    await this.lifecycle.leaveCluster(id);
    await machine.stop();
    this.machines.delete(id);
    await this.lifecycle.forgetServer(id);
    await this.lifecycle.removeNode(`${machine.droplet.name}-${id}`);
    machine.disk.remove('/');
    await this.clusters.close((cluster) => cluster.servers.size === 0 && this.datacenter.nodesOf(cluster).length === 0);
  }

  async forward(id: string, forwarder: TcpForwarder | undefined): Promise<void> {
    const forwarding = this.forwardings.get(id);
    if (forwarder === undefined) {
      this.forwardings.delete(id);
      await forwarding?.close();
    } else if (forwarding !== undefined) {
      await forwarding.update(forwarder);
    } else {
      const isHealthy = this.isHealthy.bind(this);
      this.forwardings.set(id, await Forwarding.open(forwarder, { isHealthy, log: this.options.log }));
    }
  }

  status(): { readonly droplets: readonly MachineStatus[] } {
    return { droplets: [...this.machines.values()].map((machine) => machine.status()) };
  }

  /**
   * Has one server of each cluster save a snapshot now, as `k3s etcd-snapshot save` would.
   *
   * @returns the snapshots' names; none where no server runs or none is told where to save
   */
  async snapshot(): Promise<string[]> {
    const servers = this.clusters
      .all()
      .flatMap((cluster) => [...cluster.servers.values()].find(({ ready }) => ready) ?? []);
    const names = await Promise.all(servers.map((server) => this.saveSnapshot(server)));
    return names.filter((name) => name !== undefined);
  }

  /**
   * How a program of the sandbox reaches the cluster's API: as an administrator, whichever server answers. The address stays
   * while no server does. Undefined without a cluster; with two, it is one that answers.
   */
  async administrator(name: string): Promise<KubernetesAccess | undefined> {
    const clusters = this.clusters.all();
    const answering = clusters.find(({ servers }) => [...servers.values()].some(({ ready }) => ready));
    return (answering ?? clusters[0])?.administrator(name);
  }

  /** Every process ended and waited for. The disks stay: the droplets can be booted again. */
  async stop(): Promise<void> {
    this.endSchedule();
    await this.cleaned;
    // All at once: an API server does not end as long as somebody watches it.
    await Promise.all([
      ...[...this.machines.values()].map((machine) => machine.stop()),
      this.clusters.close(() => true),
      ...[...this.forwardings.values()].map((forwarding) => forwarding.close()),
    ]);
    this.machines.clear();
    this.forwardings.clear();
  }

  private saveOnSchedule(): () => void {
    return onSchedule(
      () => this.clusters.all(),
      (server) => {
        this.saveSnapshot(server).catch(({ message }: Error) =>
          this.options.log(`${server.nodeName}: no snapshot could be saved: ${message}`),
        );
      },
    );
  }

  /**
   * Whether a machine takes part, as after a balancer's first good health checks. k3s takes connections long before its API
   * server is ready, so behind a network load balancer it is the address alone that keeps requests away until then.
   */
  private isHealthy(target: string, port: number, { address, keepsAddress }: TcpForwarder): boolean {
    const machine = [...this.machines.values()].find(({ droplet }) => droplet.publicAddress === target);
    if (keepsAddress && (machine === undefined || !ownsAddress(machine.disk, address))) return false;
    const status = machine?.status();
    if (port !== API_PORT || machine === undefined || status?.role !== 'server') return true;
    const server = this.clusters.ofServer(machine.droplet.id)?.servers.get(machine.droplet.id);
    return keepsAddress && status.state === 'booting' ? server !== undefined : (server?.ready ?? false);
  }
}

/** What the boot of a droplet works with. */
import type { X509Certificate } from 'node:crypto';
import { BootFailure } from './boot-failure';
import type { Cluster } from './cluster';
import type { RegisteredNode } from './nodes/node-object';
import type { DropletDisk } from './droplet/droplet-disk';
import type { K3sReleases } from './k3s/k3s-release';
import type { Pki } from './k3s/pki';
import type { ProcessGroup } from './droplet/process-group';
import type { MachineOrder, MayReach } from '../cloud/machines';
import type { SnapshotStore } from './snapshots/spaces-snapshots';
import type { SaveSnapshot } from './snapshots/snapshots';

export interface Machine {
  readonly droplet: MachineOrder;
  readonly disk: DropletDisk;
  readonly processes: ProcessGroup;
  /** Shown as long as the machine boots. */
  readonly progress: (text: string) => void;
}

/** What all machines of a sandbox share. */
export interface Datacenter {
  /** Paths of the programs by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly clusters: ClusterDirectory;
  /** URL of the emulated Spaces. */
  readonly spaces: string;
  readonly snapshots: SnapshotStore;
  /** Saves a snapshot of a server's etcd. @returns its name, undefined where the server is told to save none */
  readonly saveSnapshot: SaveSnapshot;
  readonly releases: K3sReleases;
  /** How long a worker downloads k3s. */
  readonly downloadMs: number;
  readonly log: (line: string) => void;
  readonly mayReach: MayReach;
  /** Ids of all droplets that exist. */
  readonly dropletIds: () => readonly number[];
  /** The machines that are nodes of this cluster. */
  readonly nodesOf: (cluster: Cluster) => readonly BootedNode[];
}

export interface ClusterDirectory {
  /** The cluster of this PKI, which need not have a server yet. */
  open(pki: Pki): Promise<Cluster>;
  /** The cluster whose server shows this certificate. */
  find(shown: X509Certificate): Cluster | undefined;
  /** @param id of the server's droplet */
  ofServer(id: number): Cluster | undefined;
}

/** A node as k3s registered it. */
export interface ClusterNode {
  readonly cluster: Cluster;
  readonly nodeName: string;
  readonly node: RegisteredNode;
}

/** A machine that became a node. */
export interface BootedNode extends ClusterNode {
  /** Writes on its Node when its certificates end, as it does every quarter of an hour. */
  report(): Promise<void>;
}

/** Made by the stand-in of `ip`. */
const ROUTES = '/run/routes';

/** Whether packets for an address end on this droplet, its own included: it has a local route. */
export function ownsAddress(disk: DropletDisk, address: string): boolean {
  return disk.has(`${ROUTES}/${address}`);
}

/** Where a request of a machine to an address arrives: with a local route for it, at the machine itself. */
export function destinationOf({ disk, droplet }: Machine, address: string): string {
  return ownsAddress(disk, address) ? droplet.publicAddress : address;
}

/** @throws BootFailure if the sandbox was not given the program */
export function toolPath({ tools }: Datacenter, name: string): string {
  const path = tools[name];
  if (path === undefined) throw new BootFailure(`The program ${name} is missing from the sandbox's tools.`);
  return path;
}

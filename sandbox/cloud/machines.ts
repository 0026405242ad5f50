/** What a cloud asks of the machines behind its droplets. Each kind of machine implements it. */
import type { TcpForwarder } from '../net/forwarder';

/** A machine as the cloud orders it. */
export interface MachineOrder {
  /** Of the droplet. */
  readonly id: number;
  readonly name: string;
  readonly region: string;
  readonly size: MachineSize;
  readonly tags: readonly string[];
  /** Everything of the machine that others may reach listens there. */
  readonly publicAddress: string;
  /** In the VPC. */
  readonly privateAddress: string;
  readonly userData: string;
}

export interface MachineSize {
  readonly slug: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

/** What the cloud's firewalls let through. All else is dropped. */
export interface PacketFilter {
  readonly inbound: readonly PacketRule[];
  readonly outbound: readonly PacketRule[];
}

export interface PacketRule {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** One port or a range such as `8000-9000`; undefined: all. */
  readonly ports?: string;
  /** Addresses and CIDR ranges of the other end, IPv4 or IPv6. */
  readonly peers: readonly string[];
  /** Forwarders that may be the other end, by their id in `forward`. */
  readonly forwarders: readonly string[];
}

/** A volume as the cloud has it. */
export interface MachineVolume {
  readonly id: string;
  readonly name: string;
  readonly sizeGiB: number;
  /** Id of the droplet that it is attached to; undefined for one that is nowhere. */
  readonly droplet: number | undefined;
}

export interface MachineStatus {
  readonly id: number;
  readonly name: string;
  readonly role: 'server' | 'worker';
  readonly state: 'booting' | 'running' | 'failed' | 'off';
  /** What it waits for, or why it failed. */
  readonly reason?: string;
}

export interface Machines {
  /** Returns when the machine is on; what its user data asks for comes up in the background, see `status`. */
  boot(order: MachineOrder): Promise<void>;
  /** Lets it end its work, then its processes; its disk stays. */
  shutDown(id: number): Promise<void>;
  /** Ends its processes at once, as when its power is cut; its disk stays. */
  powerOff(id: number): Promise<void>;
  /** Ends its processes and removes its disk. */
  destroy(id: number): Promise<void>;
  /** Sets what gets through to and from a machine; undefined: everything. Machines without it filter nothing. */
  filter?(id: number, filter: PacketFilter | undefined): Promise<void>;
  /** Sets which volumes there are, and where; all others are gone with their data. Machines without it have no disks to attach. */
  volumes?(all: readonly MachineVolume[]): Promise<void>;
  /** Sets, changes or removes (undefined) what an address leads to. */
  forward(id: string, forwarder: TcpForwarder | undefined): Promise<void>;
  status(): { readonly droplets: readonly MachineStatus[] };
}

/** Whether the cloud's firewalls let a machine's connections through to a port of a public address. */
export type MayReach = (id: number, address: string, port: number) => boolean;

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
  /** Sets, changes or removes (undefined) what an address leads to. */
  forward(id: string, forwarder: TcpForwarder | undefined): Promise<void>;
  status(): { readonly droplets: readonly MachineStatus[] };
}

/** Whether the cloud's firewalls let a machine's connections through to a port of a public address. */
export type MayReach = (id: number, address: string, port: number) => boolean;

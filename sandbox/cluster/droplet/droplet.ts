/** A droplet as the emulated cloud orders it, and what became of it. */

export interface EmulatedDroplet {
  readonly id: number;
  readonly name: string;
  readonly region: string;
  readonly size: {
    readonly slug: string;
    readonly vcpus: number;
    readonly memoryMiB: number;
    readonly diskGiB: number;
  };
  readonly tags: readonly string[];
  /** Of this machine's loopback network, 127.0.0.0/8: everything of the droplet listens there. */
  readonly publicAddress: string;
  /** In the VPC. Nothing ever connects to it. */
  readonly privateAddress: string;
  readonly userData: string;
}

export interface DropletStatus {
  readonly id: number;
  readonly name: string;
  readonly role: 'server' | 'worker';
  readonly state: 'booting' | 'running' | 'failed' | 'off';
  /** What it waits for, or why it failed. */
  readonly reason?: string;
}

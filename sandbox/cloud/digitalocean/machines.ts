/** The machine behind each droplet: what the account asks of it. */
import { sizeOf, type DropletSize } from '#config/digitalocean';
import type { MachineSize } from '../machines';
import type { Account, Held } from './account';

/** What a machine needs to know of its droplet. */
export interface Machine extends Held {
  readonly id: number;
  name: string;
  status: 'new' | 'active' | 'off';
  readonly region: string;
  size_slug: string;
  /** GiB; stays when a resize leaves the disk alone. */
  disk: number;
  readonly networks: { readonly v4: readonly Network[]; readonly v6: readonly [] };
  tags: string[];
  readonly user_data: string;
}

export interface Network {
  readonly ip_address: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly type: 'private' | 'public';
}

/** Boots under way or done in this process. */
const boots = new WeakMap<Machine, Promise<void>>();

/**
 * Starts a droplet's machine. As for real, the droplet is active when the machine is on, whatever comes of it: why one does
 * not come up is in `forge sandbox status` and in the sandbox's log.
 *
 * @returns when it is on
 */
export function bootMachine(account: Account, droplet: Machine): Promise<void> {
  const boot = start(account, droplet);
  boots.set(droplet, boot);
  return boot;
}

/** Lets the machine end its work and its processes; its disk stays. */
export async function shutDownMachine({ machines }: Account, droplet: Machine): Promise<void> {
  await boots.get(droplet);
  await machines.shutDown(droplet.id);
  droplet.status = 'off';
}

/** Cuts the machine's power; its disk stays. */
export async function powerOffMachine({ machines }: Account, droplet: Machine): Promise<void> {
  await boots.get(droplet);
  await machines.powerOff(droplet.id);
  droplet.status = 'off';
}

export async function destroyMachine({ machines }: Account, droplet: Machine): Promise<void> {
  await boots.get(droplet);
  await machines.destroy(droplet.id);
}

export function addressOf({ networks }: Machine, type: Network['type']): string {
  return networks.v4.find((network) => network.type === type)!.ip_address;
}

async function start({ machines, save }: Account, droplet: Machine): Promise<void> {
  try {
    const { id, name, region, tags, user_data: userData } = droplet;
    const [publicAddress, privateAddress] = [addressOf(droplet, 'public'), addressOf(droplet, 'private')];
    const size = machineSize(droplet);
    await machines.boot({ id, name, region, size, tags: [...tags], publicAddress, privateAddress, userData });
  } catch (error) {
    console.error(`The machine of droplet ${droplet.name} does not start:`, error);
  }
  droplet.status = 'active';
  save();
}

function machineSize({ size_slug, disk }: Machine): MachineSize {
  const { slug, vcpus, memoryMiB }: DropletSize = sizeOf(size_slug)!;
  return { slug, vcpus, memoryMiB, diskGiB: disk };
}

/** The machines behind the droplets: what the account asks of the cluster runtime. */
import { sizeOf, type DropletSize } from '#config/digitalocean';
import type { MachineOrder, MachineSize } from '../machines';
import { serverError } from './errors';
import { refreshForwarders } from './forwarders';
import type { Droplet } from './resources/droplet';
import type { Account } from './session';

/** Starts a droplet's machine in the background. */
export function bootMachine(account: Account, droplet: Droplet): void {
  const boot = account.runtime.boot(describe(droplet)).then(() => {
    droplet.status = 'active';
    account.save();
  });
  account.boots.set(droplet.id, boot);
  // Whoever waits for the droplet gets the error; nobody has to wait.
  boot.catch(() => undefined);
}

/** Waits for the boot under way, if any. */
export async function dropletActive(account: Account, id: number): Promise<void> {
  try {
    await account.boots.get(id);
  } catch (cause) {
    throw serverError(`Droplet ${id} did not become active: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

export async function resizeMachine(account: Account, droplet: Droplet, size: DropletSize): Promise<void> {
  await account.boots.get(droplet.id)?.catch(() => undefined);
  await account.runtime.resize(droplet.id, machineSize(size));
}

/** Lets the machine end its work and its processes; its disk stays. */
export async function shutDownMachine(account: Account, { id }: Droplet): Promise<void> {
  await account.boots.get(id)?.catch(() => undefined);
  await account.runtime.shutDown(id);
}

export async function destroyMachine(account: Account, { id }: Droplet): Promise<void> {
  await account.boots.get(id)?.catch(() => undefined);
  await account.runtime.destroy(id);
  account.boots.delete(id);
}

/** Starts every droplet's machine and all forwarding: after the sandbox itself was started again. */
export async function startMachines(account: Account): Promise<void> {
  for (const droplet of account.state.droplets) if (droplet.status !== 'off') bootMachine(account, droplet);
  await refreshForwarders(account);
}

function describe(droplet: Droplet): MachineOrder {
  const { id, name, region, tags, publicAddress, privateAddress, userData, diskGiB } = droplet;
  const size = machineSize({ ...sizeOf(droplet.size)!, diskGiB });
  return { id, name, region, size, tags: [...tags], publicAddress, privateAddress, userData };
}

function machineSize({ slug, vcpus, memoryMiB, diskGiB }: DropletSize): MachineSize {
  return { slug, vcpus, memoryMiB, diskGiB };
}

/** What DigitalOcean's metadata service says to a machine, as far as the user data and the volume driver ask it. */
import type { MachineOrder } from './machines';

export type MachineMetadata = Pick<MachineOrder, 'id' | 'name' | 'region' | 'privateAddress' | 'publicAddress'>;

/** @returns undefined for a path that is not emulated */
export function metadata(machine: MachineMetadata, path: string): string | undefined {
  const values: Readonly<Record<string, string>> = {
    '/metadata/v1/id': `${machine.id}`,
    '/metadata/v1/hostname': machine.name,
    '/metadata/v1/region': machine.region,
    '/metadata/v1/interfaces/private/0/ipv4/address': machine.privateAddress,
    '/metadata/v1/interfaces/public/0/ipv4/address': machine.publicAddress,
  };
  return values[path];
}

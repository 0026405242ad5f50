/** DigitalOcean's metadata service, as far as the user data asks it. It tells machines apart by where a request comes from. */
import { createServer, type Server } from 'node:http';
import type { MachineOrder } from '../cloud/machines';

export type MachineMetadata = Pick<MachineOrder, 'id' | 'name' | 'privateAddress' | 'publicAddress'>;

/** @param machineAt the machine with this public address */
export function metadataService(machineAt: (address: string) => MachineMetadata | undefined): Server {
  return createServer((request, response) => {
    const machine = machineAt(request.socket.remoteAddress?.replace('::ffff:', '') ?? '');
    const values: Readonly<Record<string, string | undefined>> = {
      '/metadata/v1/id': machine?.id.toString(),
      '/metadata/v1/hostname': machine?.name,
      '/metadata/v1/interfaces/private/0/ipv4/address': machine?.privateAddress,
      '/metadata/v1/interfaces/public/0/ipv4/address': machine?.publicAddress,
    };
    const value = values[request.url ?? ''];
    response.statusCode = value === undefined ? 404 : 200;
    response.end(value ?? 'not found');
  });
}

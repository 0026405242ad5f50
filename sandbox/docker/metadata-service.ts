/** DigitalOcean's metadata service, as far as the user data asks it. It tells machines apart by where a request comes from. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { MachineOrder } from '../cloud/machines';

export type MachineMetadata = Pick<MachineOrder, 'id' | 'name' | 'privateAddress' | 'publicAddress'>;

/** Called before each answer, which waits for it. */
export type BeforeMetadata = (machine: MachineMetadata, path: string) => Promise<void>;

/** @param machineAt the machine with this public address */
export function metadataService(
  machineAt: (address: string) => MachineMetadata | undefined,
  before: BeforeMetadata = () => Promise.resolve(),
): Server {
  const answer = async ({ socket, url = '' }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const machine = machineAt(socket.remoteAddress?.replace('::ffff:', '') ?? '');
    if (machine !== undefined) await before(machine, url);
    const values: Readonly<Record<string, string | undefined>> = {
      '/metadata/v1/id': machine?.id.toString(),
      '/metadata/v1/hostname': machine?.name,
      '/metadata/v1/interfaces/private/0/ipv4/address': machine?.privateAddress,
      '/metadata/v1/interfaces/public/0/ipv4/address': machine?.publicAddress,
    };
    const value = values[url];
    response.statusCode = value === undefined ? 404 : 200;
    response.end(value ?? 'not found');
  };
  return createServer((request, response) => void answer(request, response));
}

/** DigitalOcean's metadata service. It tells machines apart by where a request comes from. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { metadata, type MachineMetadata } from '../cloud/metadata';

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
    const value = machine && metadata(machine, url);
    response.statusCode = value === undefined ? 404 : 200;
    response.end(value ?? 'not found');
  };
  return createServer((request, response) => void answer(request, response));
}

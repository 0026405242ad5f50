/** Where servers of this process listen, and how that begins and ends. */
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer, type ListenOptions, type Server } from 'node:net';

/** @param where an address and a port, or the path of a Unix socket. @throws when it cannot listen there */
export async function listen(server: Server, where: ListenOptions): Promise<void> {
  await once(server.listen(where), 'listening');
}

/** Ends open connections, and frees the address. */
export function stopListening(server: Pick<HttpServer, 'close' | 'closeAllConnections'>): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}

/** Whether an address is this host's, and nobody listens on the port. @param port default: any free one */
export async function canListen(host: string, port = 0): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, { host, port });
    await new Promise((closed) => server.close(closed));
    return true;
  } catch {
    return false;
  }
}

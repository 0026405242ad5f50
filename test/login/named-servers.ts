/** Servers of this process under names of the Internet, over HTTPS, for programs that are given these variables. */
import { writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { selfSigned } from '#sandbox/controllers/self-signed-certificate';

export interface NamedServers {
  /** Has a program find them, and trust them and nobody else. */
  readonly environment: { readonly HTTPS_PROXY: string; readonly SSL_CERT_FILE: string };
  stop(): void;
}

/** @param servers by name */
export async function startNamedServers(
  folder: string,
  servers: Readonly<Record<string, RequestListener>>,
): Promise<NamedServers> {
  const { certificate, key } = await selfSigned(Object.keys(servers));
  const authority = join(folder, 'named-servers.pem');
  writeFileSync(authority, certificate);
  const tls = createTlsServer({ cert: certificate, key }, (message, response) =>
    servers[message.headers.host!]!(message, response),
  );
  const proxy = createServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', ({ url }: IncomingMessage, socket: Socket) => {
    if (!Object.keys(servers).some((name) => url === `${name}:443`))
      return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    tls.emit('connection', socket);
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const { port } = proxy.address() as AddressInfo;
  return {
    environment: { HTTPS_PROXY: `http://127.0.0.1:${port}`, SSL_CERT_FILE: authority },
    stop: () => {
      for (const server of [tls, proxy]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** A program of this host. */
export function passedTo(url: string): RequestListener {
  return (message, response) => {
    const { hostname, port } = new URL(url);
    const { method, url: path, headers } = message;
    const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    message.pipe(forwarded);
  };
}

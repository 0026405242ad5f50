/** The daemon's control socket: status and stop, over HTTP on a Unix socket that only the owner can open. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';

/** What the daemon answers to, by the first part of the path; the rest of it is the argument. */
export type Controls = Readonly<Record<string, (argument: string) => unknown>>;

export async function listenForControl(socket: string, controls: Controls): Promise<Server> {
  rmSync(socket, { force: true });
  const server = createServer((incoming, answer) => {
    const [, name = '', argument = ''] = /^(\/[^/]*)\/?(.*)$/.exec(incoming.url ?? '') ?? [];
    const control = controls[name];
    if (control === undefined) {
      answer.writeHead(404).end();
      return;
    }
    Promise.resolve()
      .then(() => control(argument))
      .then(
        (result) => answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? null)),
        (error: unknown) => answer.writeHead(500).end(String(error)),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(socket, resolve);
  });
  chmodSync(socket, 0o600);
  return server;
}

/** Asks a running daemon. Rejects when none listens. */
export function askDaemon<T>(socket: string, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    // No kept connection: the daemon closes an idle one, and whoever is busy at that moment learns it too late.
    const outgoing = request({ socketPath: socket, path, method: 'POST', agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (answer.statusCode === 200) resolve(JSON.parse(text) as T);
        else reject(new Error(`the sandbox answered ${answer.statusCode}: ${text}`));
      });
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

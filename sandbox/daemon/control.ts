/** The daemon's control socket: status and stop, over HTTP on a Unix socket that only the owner can open. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { sendHttp } from '#clients/http';
import { listen } from '../net/listen';

/** What the daemon answers to, by the first part of the path; the rest of it is the argument. */
export type Controls = Readonly<Record<string, (argument: string) => unknown>>;

const ANSWER_MS = 300_000;

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
  await listen(server, { path: socket });
  chmodSync(socket, 0o600);
  return server;
}

/** Asks a running daemon, which may take minutes. Rejects when none listens. */
export async function askDaemon<T>(socket: string, path: string): Promise<T> {
  // No kept connection: the daemon closes an idle one, and whoever is busy at that moment learns it too late.
  const request = { url: `http://daemon${path}`, socketPath: socket, method: 'POST', agent: false } as const;
  const { status, body } = await sendHttp(request, { timeoutMs: ANSWER_MS });
  if (status === 200) return JSON.parse(body.toString()) as T;
  throw new Error(`the sandbox answered ${status}: ${body.toString()}`);
}

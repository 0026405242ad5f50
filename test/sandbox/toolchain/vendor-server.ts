/** A vendor's file server on loopback. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { loopbackServer, type LoopbackServer } from '#test/loopback-server';

export interface VendorServer extends LoopbackServer {
  readonly files: Map<string, string | Buffer>;
  /** Method, path and Range header of each request. */
  readonly requests: string[];
  /** Closes the connection of the next download after so many bytes. */
  breakAfter(bytes: number): void;
}

export async function startVendor(): Promise<VendorServer> {
  const files = new Map<string, string | Buffer>();
  const requests: string[] = [];
  let limit: number | undefined;
  const server = await loopbackServer((request, response) => {
    requests.push([request.method, request.url, request.headers.range].filter(Boolean).join(' '));
    const content = files.get(request.url!);
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    const bytes = limit;
    limit = undefined;
    send(request, response, Buffer.from(content), bytes);
  });
  return { ...server, files, requests, breakAfter: (bytes) => void (limit = bytes) };
}

function send(request: IncomingMessage, response: ServerResponse, content: Buffer, limit: number | undefined): void {
  const begin = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (begin > 0 && begin >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const part = content.subarray(begin);
  const range = { 'content-range': `bytes ${begin}-${content.length - 1}/${content.length}` };
  response.writeHead(begin > 0 ? 206 : 200, { 'content-length': part.length, ...(begin > 0 ? range : {}) });
  if (limit === undefined) response.end(part);
  else response.write(part.subarray(0, limit), () => setTimeout(() => response.destroy(), 50));
}

/** Where the stand-ins (commands/) on a droplet ask the sandbox: an HTTP server on a socket that is the droplet's own. */
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen, stopListening } from '#sandbox/net/listen';

/** What a program ends with, and prints. */
export interface ProgramAnswer {
  readonly code: number;
  readonly output?: string;
  /** On standard error. */
  readonly complaint?: string;
}

export interface DropletCallsOptions {
  /** Path; short, as a system takes about 100 characters. */
  readonly socket: string;
  /** Programs by name. */
  readonly programs: Readonly<Record<string, (args: readonly string[]) => Promise<ProgramAnswer> | ProgramAnswer>>;
  /** What a host answers to a GET; a number is an HTTP status, undefined nobody there. */
  readonly get: (url: URL, authorization: string | undefined) => Promise<string | Buffer | number | undefined>;
}

const PROGRAMS = 'sandbox';

export class DropletCalls {
  private constructor(private readonly server: Server) {}

  static async open(options: DropletCallsOptions): Promise<DropletCalls> {
    // A sandbox that was killed leaves it.
    rmSync(options.socket, { force: true });
    const server = createServer((request, response) => void answer(options, request, response));
    await listen(server, { path: options.socket });
    return new DropletCalls(server);
  }

  close(): Promise<void> {
    return stopListening(this.server);
  }
}

async function answer(
  { programs, get }: DropletCallsOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '', `http://${request.headers.host}`);
  if (url.host === PROGRAMS) {
    const run = async () => programs[url.pathname.slice(1)]!(await lines(request));
    const failed = ({ message }: Error): ProgramAnswer => ({ code: 1, complaint: message });
    const { code, output = '', complaint } = await run().catch(failed);
    response.end(complaint === undefined ? `${code} 1\n${output}` : `${code} 2\n${complaint}`);
    return;
  }
  const content = await get(url, request.headers.authorization).catch(() => 500);
  if (content === undefined) response.destroy();
  else if (typeof content === 'number') response.writeHead(content).end();
  else response.end(content);
}

async function lines(request: IncomingMessage): Promise<string[]> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text.trimEnd().split('\n');
}

/** Serves one repository to Argo CD over HTTP, for reading only, with git's own program. */
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, stopListening } from '../net/listen';
import { ownEnvironment } from './git';

export const GIT_PORT = 9003;

export interface GitServerOptions {
  /** Loopback. */
  readonly address: string;
  /** By default the sandbox's usual port. */
  readonly port?: number;
  /** `owner/name` as in the URL. */
  readonly name: string;
  /** The `.git` folder that is served. */
  readonly repository: string;
}

export interface GitServer {
  /** For `git clone`. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startGitServer({
  address,
  port = GIT_PORT,
  name,
  repository,
}: GitServerOptions): Promise<GitServer> {
  const prefix = `/${name}.git`;
  const server = createServer((incoming, answer) => {
    const url = new URL(incoming.url ?? '/', 'http://sandbox');
    if (url.pathname.startsWith(`${prefix}/`))
      serve(repository, url.pathname.slice(prefix.length), url, incoming, answer);
    else answer.writeHead(404).end();
  });
  await listen(server, { host: address, port });
  return { url: `http://${address}:${port}${prefix}`, stop: () => stopListening(server) };
}

function serve(repository: string, path: string, url: URL, incoming: IncomingMessage, answer: ServerResponse): void {
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...ownEnvironment(),
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROJECT_ROOT: repository,
      PATH_INFO: path,
      QUERY_STRING: url.searchParams.toString(),
      REQUEST_METHOD: incoming.method,
      CONTENT_TYPE: header(incoming, 'content-type'),
      HTTP_CONTENT_ENCODING: header(incoming, 'content-encoding'),
      GIT_PROTOCOL: header(incoming, 'git-protocol'),
    },
  });
  incoming.pipe(child.stdin);
  // The client went away, or git had read enough.
  child.stdin.on('error', () => undefined);
  child.once('error', () => answer.writeHead(500).end());
  passOn(child.stdout, answer);
}

function header({ headers }: IncomingMessage, name: string): string {
  const value = headers[name] ?? '';
  return typeof value === 'string' ? value : value.join(', ');
}

/** A CGI program's answer: headers, an empty line, the body. */
function passOn(output: NodeJS.ReadableStream, answer: ServerResponse): void {
  let head: Buffer = Buffer.alloc(0);
  const readHead = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    output.off('data', readHead);
    const lines = head.subarray(0, end).toString().split('\r\n');
    const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
    const { Status: status = '200', ...others } = Object.fromEntries(headers) as Record<string, string>;
    answer.writeHead(Number.parseInt(status, 10), others);
    answer.write(head.subarray(end + 4));
    output.pipe(answer);
  };
  output.on('data', readHead);
  output.on('end', () => {
    if (!answer.headersSent) answer.writeHead(500).end();
  });
}

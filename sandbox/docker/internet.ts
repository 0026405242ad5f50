/** The servers of the Internet that machines and their pods ask and that are the sandbox's own: Spaces, the vendor of k3s, DigitalOcean's API. */
import { createReadStream, statSync } from 'node:fs';
import { request, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';

export interface InternetOptions {
  /** URL of the emulated Spaces. */
  readonly spaces: string;
  /** Files by path on github.com. */
  readonly github: ReadonlyMap<string, string>;
  /** URLs of servers of this host, by the name that a vendor's server has. Default: none. */
  readonly servers?: ReadonlyMap<string, string>;
}

export const GITHUB = 'github.com';
const SPACES_DOMAIN = 'digitaloceanspaces.com';

/** Names that lead there. @param regions of Spaces */
export function internetNames(regions: readonly string[], servers: Iterable<string> = []): string[] {
  return [GITHUB, ...new Set(regions.map((region) => `${region}.${SPACES_DOMAIN}`)), ...servers];
}

export function internet({ spaces, github, servers = new Map() }: InternetOptions): RequestListener {
  return (message, response) => {
    const name = message.headers.host ?? '';
    if (name === GITHUB) sendFile(github.get(message.url ?? ''), response);
    else passOn(new URL(servers.get(name) ?? spaces), message, response);
  };
}

function sendFile(file: string | undefined, response: ServerResponse): void {
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-length': statSync(file).size });
  pipeline(createReadStream(file), response, () => undefined);
}

/** With its headers as they are: the signature covers them. */
function passOn({ hostname, port }: URL, message: IncomingMessage, response: ServerResponse): void {
  const { method, url: path, headers } = message;
  const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  forwarded.on('error', () => response.destroy());
  message.pipe(forwarded);
}

/** The servers of the Internet that machines and their pods ask and that are the sandbox's own: Spaces, the vendor of k3s, DigitalOcean's API, Let's Encrypt. */
import { createReadStream, statSync } from 'node:fs';
import { request, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { request as requestTls } from 'node:https';
import { pipeline } from 'node:stream';

/** A server of this host. */
export interface VendorServer {
  readonly url: string;
  /** Who signed for its name, PEM; only over HTTPS. */
  readonly authority?: string;
  /** Paths that it calls otherwise. Default: none. */
  readonly paths?: Readonly<Record<string, string>>;
}

export interface InternetOptions {
  /** URL of the emulated Spaces. */
  readonly spaces: string;
  /** Files by path on github.com. */
  readonly github: ReadonlyMap<string, string>;
  /** By the name that a vendor's server has. Default: none. */
  readonly servers?: ReadonlyMap<string, VendorServer>;
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
    else passOn(servers.get(name) ?? { url: spaces }, message, response);
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
function passOn(
  { url, authority: ca, paths = {} }: VendorServer,
  message: IncomingMessage,
  response: ServerResponse,
): void {
  const { hostname, port, protocol } = new URL(url);
  const { method, url: asked = '/', headers } = message;
  const to = { hostname, port, method, path: paths[asked] ?? asked, headers };
  const answered = (answer: IncomingMessage) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  };
  const forwarded = protocol === 'https:' ? requestTls({ ...to, ca }, answered) : request(to, answered);
  forwarded.on('error', () => response.destroy());
  message.pipe(forwarded);
}

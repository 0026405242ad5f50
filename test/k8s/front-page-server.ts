/** Serves the front page out of its manifests, with the headers that its nginx is told to send. */
import { loopbackServer } from '#test/loopback-server';
import { ofKind } from './manifests';

export interface FrontPageServer {
  readonly url: string;
  /** What each tool's address under /status answers; absent: the request fails. */
  readonly answers: Record<string, 'up' | 'down' | undefined>;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

export async function startFrontPageServer(): Promise<FrontPageServer> {
  const files = configMap('nginx-front-page');
  const headers = headersOf(configMap('nginx-front-server')['default.conf']!);
  const answers: FrontPageServer['answers'] = {};
  const { url, close } = await loopbackServer((incoming, answer) => {
    const path = incoming.url === '/' ? 'index.html' : incoming.url!.slice(1);
    const tool = /^status\/(\w+)$/.exec(path)?.[1];
    const text = tool === undefined ? files[path] : answers[tool] && `${answers[tool]}\n`;
    if (text === undefined && tool !== undefined) answer.destroy();
    else if (text === undefined) answer.writeHead(404, headers).end();
    else
      answer.writeHead(200, { ...headers, 'content-type': TYPES[path.split('.')[1] ?? ''] ?? 'text/plain' }).end(text);
  });
  return { url: `${url}/`, answers, close };
}

function configMap(name: string): Record<string, string> {
  return ofKind('ConfigMap').find(({ body }) => body['metadata'].name === name)!.body['data'] as Record<string, string>;
}

/** Those with a fixed value. HTTPS is Traefik's. */
function headersOf(nginx: string): Record<string, string> {
  const found = [...nginx.matchAll(/add_header (\S+) (?:"([^"]+)"|([^\s$]+)) always;/g)];
  const headers = found.map(([, name, quoted, plain]) => [name!, quoted ?? plain!]);
  return Object.fromEntries(headers.filter(([name]) => name !== 'Strict-Transport-Security')) as Record<string, string>;
}

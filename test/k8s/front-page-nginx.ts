/** The front page's own configuration in a real nginx on the loopback, with tools that answer as they are told. */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#sandbox/net/free-port';
import { loopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { ofKind } from './manifests';

export interface FrontPageNginx {
  readonly url: string;
  /** Status that each tool answers with; redirects lead to a login elsewhere. */
  readonly tools: Record<string, number>;
  /** Tools that were asked, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const TOOLS = { gitea: 'gitea-svc.rt', jenkins: 'jenkins-svc.rt', argocd: 'argocd-server.argocd' };

/** The names of the Services are replaced by addresses of this machine; nothing else in the file is touched. */
export async function startFrontPageNginx(): Promise<FrontPageNginx> {
  const folder = newFolder('nginx');
  const tools: Record<string, number> = {};
  const asked: string[] = [];
  let site = siteOf('nginx-front-server');
  for (const [tool, service] of Object.entries(TOOLS)) {
    const server = await loopbackServer((_, answer) => {
      asked.push(tool);
      const status = tools[tool] ?? 200;
      answer.writeHead(status, { location: 'https://login.example.org/' }).end('what only the tool may tell');
    });
    site = site.replace(`${service}.svc.cluster.local/`, `127.0.0.1:${server.port}/`);
  }
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(join(folder, 'up.txt'), 'up\n');
  writeFileSync(file, configuration(folder, site.replace('listen 8080', `listen 127.0.0.1:${port}`)));
  const nginx = spawn(installedNginx(), ['-c', file, '-p', folder, '-e', 'stderr'], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => nginx.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (nginx.exitCode !== null) throw new Error(`nginx ended with ${nginx.exitCode}`);
    return (await fetch(`${url}/healthz`)).ok;
  });
  return {
    url,
    tools,
    asked,
    close: async () => {
      nginx.kill('SIGTERM');
      await ended;
    },
  };
}

function siteOf(name: string): string {
  const { body } = ofKind('ConfigMap').find(({ body: { metadata } }) => metadata.name === name)!;
  return body['data']['default.conf'] as string;
}

function configuration(folder: string, site: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    `daemon off; pid ${folder}/nginx.pid; events {}`,
    'http {',
    'access_log off;',
    ...temporary.map((name) => `${name}_temp_path ${folder}/${name};`),
    site.replace('/tmp/probes', `${folder}/probes`).replace('/usr/share/nginx/html', folder),
    '}',
  ].join('\n');
}

/** As scripts/install-test-programs.sh looks for it. */
function installedNginx(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', join(cache, 'forge/nginx/usr/sbin')];
  const found = folders.map((folder) => join(folder, 'nginx')).find((file) => existsSync(file));
  if (found === undefined) throw new Error('There is no nginx. Install it, as make test does.');
  return found;
}

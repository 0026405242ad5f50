/** The servers that droplets meet: one with k3s' release, one with Spaces, and one at the address of the API. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Spaces } from '#sandbox/cloud/spaces/spaces';
import { pemOf } from '#test/stacks/network/cloud-init/user-data-samples';
import type { Surroundings } from './surroundings';

/** The droplet that has sent a message. */
export type SurroundingsOf = (message: IncomingMessage) => Surroundings;

// As long as that it does not arrive at once.
const K3S = Buffer.concat([readFileSync(join(__dirname, 'k3s-double.py')), Buffer.from('#'.repeat(400_000))]);
const SLOW_PIECES = 10;
const SLOW_PAUSE_MS = 500;

export const k3sRelease = { version: 'v1.36.4+k3s1', sha256: createHash('sha256').update(K3S).digest('hex') };

export function internet(spaces: Spaces, surroundingsOf: SurroundingsOf): RequestListener {
  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const meets = surroundingsOf(message);
    const [, folder, step] = message.url?.split('/') ?? [];
    if (message.headers.host !== 'github.com') answerAsSpaces(spaces, meets, message, response);
    else if (folder === 'steps') await holdStep(meets, step ?? '', response);
    else await sendK3s(meets, response);
  };
  return (message, response) => void answer(message, response);
}

/** Machines ask here before each step that a test may hold. */
async function holdStep(meets: Surroundings, step: string, response: ServerResponse): Promise<void> {
  await meets.pass(step);
  response.writeHead(meets.deadly === step ? 500 : 200).end();
}

async function sendK3s(meets: Surroundings, response: ServerResponse): Promise<void> {
  if (meets.download === 'something else') {
    response.end('something else');
    return;
  }
  const pieces = meets.download === 'slow' ? SLOW_PIECES : 2;
  const size = Math.ceil(K3S.length / pieces);
  response.setHeader('content-length', K3S.length);
  for (let piece = 0; piece < pieces; piece++) {
    if (piece > 0) await meets.pass('download');
    response.write(K3S.subarray(piece * size, (piece + 1) * size));
    if (meets.download === 'slow') await sleep(SLOW_PAUSE_MS);
  }
  response.end();
}

function answerAsSpaces(spaces: Spaces, meets: Surroundings, message: IncomingMessage, response: ServerResponse): void {
  if (meets.spaces !== undefined) {
    message.resume();
    response.writeHead(meets.spaces).end();
    return;
  }
  const { hostname, port } = new URL(spaces.endpoint);
  const { method, url, headers } = message;
  const forwarded = request({ hostname, port, method, path: url, headers }, (got) => {
    response.writeHead(got.statusCode ?? 500, got.headers);
    got.pipe(response);
  });
  forwarded.on('error', () => response.destroy());
  message.pipe(forwarded);
}

/** What joiners and workers ask a finished server of their cluster; as a load balancer without servers, it hangs up. */
export function clusterApi(folder: string, address: string, surroundingsOf: SurroundingsOf): Server {
  const serving = servingCertificate(folder, address);
  const node = { status: { nodeInfo: { kubeletVersion: k3sRelease.version } } };
  const answers: Readonly<Record<string, string>> = {
    '/cacerts': pemOf('server-ca.crt'),
    '/v1-k3s/client-kube-proxy.crt': serving,
    '/api/v1/nodes?labelSelector=node-role.kubernetes.io/control-plane': JSON.stringify({ items: [node] }, null, 1),
  };
  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const meets = surroundingsOf(message);
    await meets.pass('api');
    if (meets.api === 'nobody') message.socket.destroy();
    else if (meets.api === 'its cluster') response.end(answers[message.url ?? '']);
    else if (meets.api === 'another cluster') response.end(pemOf('client-ca.crt'));
    else response.writeHead(meets.api).end();
  };
  return createServer({ cert: serving, key: serving }, (message, response) => void answer(message, response));
}

/** Key and certificate, from the cluster's authority. */
function servingCertificate(folder: string, address: string): string {
  const files = {
    crt: join(folder, 'server-ca.crt'),
    key: join(folder, 'server-ca.key'),
    serving: join(folder, 'api'),
  };
  writeFileSync(files.crt, pemOf('server-ca.crt'));
  writeFileSync(files.key, pemOf('server-ca.key'), { mode: 0o600 });
  const key = ['-newkey', 'rsa:2048', '-noenc', '-keyout', `${files.serving}.key`];
  const certificate = ['-CA', files.crt, '-CAkey', files.key, '-days', '1', '-out', `${files.serving}.crt`];
  const subject = ['-subj', '/CN=k3s', '-addext', `subjectAltName=IP:${address}`];
  execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...certificate], { stdio: 'pipe' });
  return readFileSync(`${files.serving}.key`, 'utf8') + readFileSync(`${files.serving}.crt`, 'utf8');
}

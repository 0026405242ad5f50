/** A server that speaks as much of the Kubernetes API as the commands use, with certificates of its own. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { issueLeaf, type IssuedCertificate } from '#sandbox/cluster/k3s/leaf-certificate';
import { readPki } from '#sandbox/cluster/k3s/pki';
import { pkiFiles } from '#test/sandbox/cluster/k3s/pki-files';

type Json = Record<string, any>;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
  readonly type: string | undefined;
  /** Group of the client certificate. */
  readonly group: string;
}

/** Undefined for no answer: the connection breaks. */
export type Answer = { readonly status?: number; readonly body: unknown } | undefined;

export interface SampleApi {
  readonly access: KubernetesAccess;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

interface Certificates {
  readonly ca: string;
  readonly clientCa: string;
  readonly own: IssuedCertificate;
  readonly client: IssuedCertificate;
}

const ANY_PORT = { address: '127.0.0.1', port: 0 };
/** By what they are made of: an API at a given port is that of one cluster, however often it is started. */
const kept = new Map<string, Promise<Certificates>>();

/**
 * @param at where commands find the API of a state: there the port is given. The default is a free port, and authorities of its own.
 * @param days until its certificate ends
 */
export async function sampleApi(
  answer: (asked: Asked) => Answer,
  group = 'system:masters',
  at = ANY_PORT,
  days = 365,
): Promise<SampleApi> {
  const { ca, clientCa, own, client } = await certificatesFor(group, at, days);
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const tls = { cert: own.certificate, key: own.key, ca: clientCa, requestCert: true };
  const server = createServer(tls, (request, response) => {
    void receive(request).then((one) => {
      asked.push(one);
      reply(response, answer(one));
    });
  });
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(at.port, at.address, resolve));
  return {
    access: {
      server: `https://${at.address}:${(server.address() as AddressInfo).port}`,
      clusterCaCertificate: ca,
      clientCertificate: client.certificate,
      clientKey: client.key,
    },
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function certificatesFor(group: string, at: typeof ANY_PORT, days: number): Promise<Certificates> {
  if (at.port === 0) return issueCertificates(group, at.address, days);
  const key = JSON.stringify([group, at, days]);
  if (!kept.has(key)) kept.set(key, issueCertificates(group, at.address, days));
  return kept.get(key)!;
}

async function issueCertificates(group: string, address: string, days: number): Promise<Certificates> {
  const files = await pkiFiles();
  const { authorities } = readPki((path) => Buffer.from(files.find((file) => file.path === path)!.pem));
  const { 'server-ca': ca, 'client-ca': clientCa } = authorities;
  return {
    ca: ca.pem,
    clientCa: clientCa.pem,
    own: await issueLeaf(ca, { commonName: 'api', usages: ['server'], names: [address], days }),
    client: await issueLeaf(clientCa, { commonName: 'one', organization: group, usages: ['client'] }),
  };
}

async function receive(request: IncomingMessage): Promise<Asked> {
  const content = await text(request);
  const { pathname, searchParams } = new URL(request.url ?? '', 'https://api');
  return {
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    type: request.headers['content-type'],
    body: content === '' ? undefined : (JSON.parse(content) as Json),
    group: String((request.socket as TLSSocket).getPeerCertificate().subject.O ?? ''),
  };
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === undefined) {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
  response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
}

export function refused(status: number, message: string): Answer {
  return { status, body: { kind: 'Status', status: 'Failure', message } };
}

/** Answers lists from a table by path; 404 for others. */
export function listsOf(lists: Record<string, readonly unknown[]>): (asked: Asked) => Answer {
  return ({ path }) => (lists[path] ? { body: { items: lists[path] } } : refused(404, 'not found'));
}

/**
 * The few calls of the Kubernetes API that the providers make. The full client library takes six seconds to load, and is
 * used for its types only.
 */
import { Agent, request } from 'node:https';
import { ProviderError, type ValueObject } from '../engine/resource';
import { text } from '../attributes';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface KubernetesApi {
  /** @param path from the root, with its query */
  send(method: string, path: string, body?: object, contentType?: string): Promise<Answer>;
}

const TIMEOUT_MS = 30_000;

/** @param config a provider block with `host` and certificates, and no other credentials: wrong ones fail as they would for real */
export function kubernetesApi(config: ValueObject): KubernetesApi {
  const host = text(config, 'host');
  if (host === '') {
    throw new ProviderError('The provider is not configured', 'The address of the cluster is not known yet.');
  }
  const agent = new Agent({
    keepAlive: true,
    ca: text(config, 'cluster_ca_certificate'),
    cert: text(config, 'client_certificate'),
    key: text(config, 'client_key'),
  });
  return {
    send: (method, path, body, contentType = 'application/json') =>
      new Promise((resolve, reject) => {
        const payload = body === undefined ? '' : JSON.stringify(body);
        const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(payload) };
        const options = { agent, method, headers, timeout: TIMEOUT_MS };
        const outgoing = request(new URL(path, host), options, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            resolve({ status: answer.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) });
          });
        });
        outgoing.on('error', (error) => {
          reject(new ProviderError('The Kubernetes API cannot be reached', `${host}: ${error.message}`));
        });
        outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
        outgoing.end(payload);
      }),
  };
}

/** What is no JSON is a plain text, such as that of a proxy. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { message: text };
  }
}

/** The entrance of a sandbox with real machines, as somebody on this host gets there. */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect, type PeerCertificate } from 'node:tls';
import { digitalOcean } from '#clients/digitalocean/client';
import { sendHttp, type HttpAnswer } from '#clients/http';
import type { Host } from '#config/hosts';
import { cloudNames } from '#stacks/network/names';
import { authoritiesIn } from '../docker/acme-server';
import type { RunningSandbox } from '../place/running-sandbox';

export interface Entrance {
  readonly address: string;
  /** PEM. */
  readonly authoritiesFile: string;
  readonly nameOf: (host: Host) => string;
}

interface GiteaRequest {
  readonly path: string;
  readonly token: string;
  /** Default: none, and it is only read. */
  readonly body?: object;
}

const TIMEOUT_MS = 5000;

/** @throws where there is none yet */
export async function entranceOf({ env, config, folder }: RunningSandbox): Promise<Entrance> {
  const name = cloudNames(config.name, config.environment).of('entrance');
  const balancers = await digitalOcean(env).list<{ name: string; ip: string }>('/v2/load_balancers', 'load_balancers');
  const address = balancers.find((balancer) => balancer.name === name)?.ip;
  if (address === undefined) throw new Error(`there is no load balancer ${name}`);
  return { address, authoritiesFile: authoritiesIn(folder.acme), nameOf: (host) => `${host}.${config.domain}` };
}

/** Asks Gitea's API, trusting the sandbox's authority. */
export function askGitea(
  { address, authoritiesFile, nameOf }: Entrance,
  { path, token, body }: GiteaRequest,
): Promise<HttpAnswer> {
  const host = nameOf('gitea');
  const agent = new Agent({ ca: readFileSync(authoritiesFile), servername: host });
  const headers = { host, authorization: `token ${token}`, 'content-type': 'application/json' };
  const url = `https://${address}/api/v1${path}`;
  const sent = body === undefined ? undefined : { method: 'POST', body: JSON.stringify(body) };
  return sendHttp({ url, agent, headers, ...sent }, { timeoutMs: TIMEOUT_MS });
}

/** What a browser sees that trusts the sandbox's authority. @throws when it would warn */
export function certificateOf({ address, authoritiesFile, nameOf }: Entrance, host: Host): Promise<PeerCertificate> {
  const to = { host: address, port: 443, servername: nameOf(host), ca: readFileSync(authoritiesFile) };
  return new Promise((resolve, reject) => {
    const socket = connect(to, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`${nameOf(host)} does not answer`)));
    socket.once('error', reject);
  });
}

/** What k3s itself, and not Kubernetes, answers on port 6443 to machines that want to join. */
import { BootFailure } from '../boot-failure';
import type { Cluster } from '../cluster';
import { shownCertificate } from '../control-plane/api-probe';
import { API_PORT } from '../control-plane/api-server';
import { destinationOf, type Datacenter, type Machine } from '../machine';
import { admit } from './k3s-token';
import { issueLeaf } from './leaf-certificate';

type Answer = string | Buffer | number | undefined;

const UNAUTHORIZED = 401;
const NOT_FOUND = 404;
const STARTING = 503;

/**
 * @param authorization the request's header
 * @returns the content, an HTTP status, or undefined where nobody answers: no firewall lets the machine in, or nobody listens
 */
export async function askSupervisor(
  machine: Machine,
  datacenter: Datacenter,
  url: URL,
  authorization: string | undefined,
): Promise<Answer> {
  if (!datacenter.mayReach(machine.droplet.id, url.hostname, API_PORT)) return undefined;
  const shown = await shownCertificate(destinationOf(machine, url.hostname), API_PORT);
  if (shown === undefined) return undefined;
  const cluster = datacenter.clusters.find(shown);
  if (url.pathname === '/cacerts' && cluster === undefined) return shown.toString();
  if (cluster?.bootstrap === undefined || !cluster.isReady) return STARTING;
  if (url.pathname === '/cacerts') return cluster.pki.files.get('server-ca.crt');
  if (url.pathname !== '/v1-k3s/client-kube-proxy.crt') return NOT_FOUND;
  return mayJoin(cluster, authorization) ? kubeProxyCertificate(cluster) : UNAUTHORIZED;
}

function mayJoin({ bootstrap }: Cluster, authorization = ''): boolean {
  const [user, password = ''] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  if (user !== 'node' && user !== 'server') return false;
  try {
    admit({ caHash: undefined, user, password }, 'node', bootstrap!.secrets);
    return true;
  } catch (error) {
    if (error instanceof BootFailure) return false;
    throw error;
  }
}

/** With its key, in one file. Source: k3s pkg/server/handlers. */
async function kubeProxyCertificate({ pki }: Cluster): Promise<string> {
  const identity = { commonName: 'system:kube-proxy', usages: ['client'] } as const;
  const { certificate, key } = await issueLeaf(pki.authorities['client-ca'], identity);
  return certificate + key;
}

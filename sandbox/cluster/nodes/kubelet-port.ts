/** Port 10250 of a node: what the API server asks a kubelet for, such as logs, is answered by the kubelets' stand-in. */
import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { listen } from '#sandbox/net/listen';
import type { Cluster } from '../cluster';
import type { IssuedCertificate } from '../k3s/leaf-certificate';

export const KUBELET_PORT = 10250;
/** Group of the API server's client certificate. A real kubelet asks the API who may do what. */
const MASTERS = 'system:masters';

/** @returns how to close it */
export async function openKubeletPort(
  cluster: Cluster,
  { certificate, key }: IssuedCertificate,
  publicAddress: string,
): Promise<() => Promise<void>> {
  const { authorities } = cluster.pki;
  const sockets = new Set<TLSSocket>();
  const server = createServer(
    { cert: certificate, key, ca: authorities['client-ca'].pem, requestCert: true, ALPNProtocols: ['http/1.1'] },
    (client) => {
      sockets.add(client);
      client.once('close', () => sockets.delete(client));
      client.on('error', () => client.destroy());
      if (client.getPeerCertificate().subject.O !== MASTERS) {
        client.destroy();
        return;
      }
      const kubelets = connect({ host: '127.0.0.1', port: cluster.kubelets.port });
      kubelets.on('error', () => client.destroy());
      client.once('close', () => kubelets.destroy());
      client.pipe(kubelets).pipe(client);
    },
  );
  await listen(server, { host: publicAddress, port: KUBELET_PORT, exclusive: true });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

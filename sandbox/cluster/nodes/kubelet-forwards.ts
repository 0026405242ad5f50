/** What answers behind `kubectl port-forward`: no container runs, and that is what it says. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen, stopListening } from '#sandbox/net/listen';
import type { DropletDisk } from '../droplet/droplet-disk';

export interface KubeletForwards {
  /** kwok's configuration file for it, on this machine. */
  readonly file: string;
  close(): Promise<void>;
}

const TEXT = 'This is the sandbox: no container runs here, and this is all that ever answers.\n';

export async function startKubeletForwards(disk: DropletDisk): Promise<KubeletForwards> {
  const server = createServer((_, answer) => answer.end(TEXT));
  await listen(server, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as AddressInfo;
  const document = {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterPortForward',
    metadata: { name: 'no-container-runs' },
    spec: { forwards: [{ target: { address: '127.0.0.1', port } }] },
  };
  disk.write('/kubelet-forwards.yaml', JSON.stringify(document));
  return {
    file: disk.at('/kubelet-forwards.yaml'),
    close: () => stopListening(server),
  };
}

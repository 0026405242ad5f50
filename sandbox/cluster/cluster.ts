/** A cluster as the emulated cloud sees it: its servers, what they hand to joining machines, and the kubelets' stand-in. */
import { join } from 'node:path';
import { API_PORT } from './control-plane/api-server';
import { DropletDisk } from './droplet/droplet-disk';
import type { EtcdClient } from './control-plane/etcd-client';
import { createForwarding, type Forwarding } from '../net/forwarder';
import { freePort } from '../net/free-port';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import type { SnapshotSettings } from './k3s/k3s-settings';
import { KubernetesClient } from '#clients/kubernetes/client';
import type { JoinSecrets } from './k3s/k3s-token';
import { writeKubeconfig } from './k3s/kubeconfig-file';
import { startKubeletForwards } from './nodes/kubelet-forwards';
import { writeKubeletLogs } from './nodes/kubelet-logs';
import { kwokProcess } from './nodes/kwok';
import { issueLeaf, type IssuedCertificate } from './k3s/leaf-certificate';
import type { Pki } from './k3s/pki';
import { processGroup, type ProcessGroup } from './droplet/process-group';
import type { ProcessStarter } from '../processes/process';

export interface ClusterServer {
  readonly nodeName: string;
  readonly publicAddress: string;
  readonly etcd: EtcdClient;
  /** Where and when it saves snapshots. */
  readonly snapshots: SnapshotSettings | undefined;
  /** Takes requests. */
  ready: boolean;
}

export interface Cluster {
  readonly pki: Pki;
  /** By the droplet's id. */
  readonly servers: Map<number, ClusterServer>;
  /** Whichever server answers. */
  readonly api: KubernetesClient;
  /** Credentials of an administrator with this name, for a program on this machine; whichever server answers. */
  administrator(name: string): Promise<KubernetesAccess>;
  /** How a program on this machine with a client certificate reaches the API; whichever server answers. */
  endpoint(client: IssuedCertificate): KubernetesAccess;
  /** Set by the server that starts or restores the cluster. */
  bootstrap: ClusterBootstrap | undefined;
  /** Changes of the etcd membership, one after the other. */
  exclusively<T>(change: () => Promise<T>): Promise<T>;
  /** To be called whenever a server comes or goes. */
  serversChanged(): Promise<void>;
  /** On 127.0.0.1: where the kubelets' stand-in answers what is asked of a kubelet. */
  readonly kubeletsPort: number;
  /** Starts the kubelets' stand-in if it does not run yet. */
  startKubelets(podCidr: string): void;
  close(): Promise<void>;
}

/** What a server hands to machines that join it. */
export interface ClusterBootstrap {
  readonly secrets: JoinSecrets;
  /** Settings in which servers must agree, by flag. */
  readonly critical: ReadonlyMap<string, string>;
  /** Key of the encryption of Secrets at rest, 32 bytes. */
  readonly encryptionKey: Buffer;
}

export interface ClusterOptions {
  /** Of the whole sandbox. */
  readonly folder: string;
  readonly pki: Pki;
  readonly kwok: string;
  readonly processes: ProcessStarter;
  readonly log: (line: string) => void;
  /** The stand-in of the kubelets ended by itself. */
  readonly onKubeletsLost: (reason: string) => void;
}

const MASTERS = 'system:masters';

export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { pki, log } = options;
  const name = `cluster-${pki.hash.slice(0, 12)}`;
  const disk = new DropletDisk(join(options.folder, name));
  const servers = new Map<number, ClusterServer>();
  const ready = (address: string) => [...servers.values()].some((one) => one.ready && one.publicAddress === address);
  const forwarder = () => ({
    address: '127.0.0.1',
    rules: [{ entryPort: 0, targetPort: API_PORT }],
    targets: [...servers.values()].map(({ publicAddress }) => publicAddress),
  });
  // A k3s agent has such a balancer in it, too: it goes on when the server that it joined is lost.
  const balancer = await createForwarding(forwarder(), { isHealthy: ready, log });
  const port = portOf(balancer);
  const endpoint = ({ certificate, key }: IssuedCertificate): KubernetesAccess => ({
    server: `https://127.0.0.1:${port}`,
    clusterCaCertificate: pki.authorities['server-ca'].pem,
    clientCertificate: certificate,
    clientKey: key,
  });
  const administrators = new Map<string, Promise<KubernetesAccess>>();
  const administrator = (commonName: string) => {
    const issued = administrators.get(commonName) ?? issueAdministrator(pki, commonName).then(endpoint);
    administrators.set(commonName, issued);
    return issued;
  };
  const api = new KubernetesClient(await administrator('system:cloud-controller-manager'));
  const kubeconfig = kubeletsKubeconfig(disk, await administrator('system:kwok'));

  const logs = writeKubeletLogs(disk);
  const forwards = await startKubeletForwards(disk);
  const kubeletsPort = await freePort();

  let kubelets: ProcessGroup | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    ...{ pki, servers, api, administrator, endpoint, kubeletsPort, bootstrap: undefined },
    exclusively(change) {
      const result = queue.then(change);
      queue = result.catch(() => undefined);
      return result;
    },
    serversChanged: () => balancer.update(forwarder()),
    startKubelets(podCidr) {
      if (kubelets !== undefined) return;
      kubelets = processGroup(options.processes);
      kubelets.start(
        kwokProcess({
          command: options.kwok,
          name,
          kubeconfig,
          podCidr,
          answers: [logs, forwards.file],
          port: kubeletsPort,
        }),
      );
      void kubelets.failure.then(options.onKubeletsLost);
    },
    async close() {
      await kubelets?.stop();
      await forwards.close();
      api.close();
      await balancer.close();
      disk.remove('/');
    },
  };
}

function portOf(balancer: Forwarding): number {
  const port = balancer.portOf(0);
  if (port === undefined) throw new Error('no port on 127.0.0.1 could be opened');
  return port;
}

function issueAdministrator(pki: Pki, commonName: string): Promise<IssuedCertificate> {
  return issueLeaf(pki.authorities['client-ca'], { commonName, organization: MASTERS, usages: ['client'] });
}

function kubeletsKubeconfig(disk: DropletDisk, access: KubernetesAccess): string {
  disk.write('/kwok.crt', access.clientCertificate);
  disk.write('/kwok.key', access.clientKey);
  disk.write('/server-ca.crt', access.clusterCaCertificate);
  return writeKubeconfig(disk, {
    path: '/kwok.kubeconfig',
    server: access.server,
    authority: disk.at('/server-ca.crt'),
    client: { certificate: disk.at('/kwok.crt'), key: disk.at('/kwok.key') },
  });
}

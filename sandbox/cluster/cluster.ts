/** A cluster as the emulated cloud sees it: its servers, and what they hand to joining machines. */
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { Forwarding, type TcpForwarder } from '../net/forwarder';
import { API_PORT } from './control-plane/api-server';
import type { EtcdClient } from './control-plane/etcd-client';
import type { SnapshotSettings } from './k3s/k3s-settings';
import type { JoinSecrets } from './k3s/k3s-token';
import { issueLeaf } from './k3s/leaf-certificate';
import type { Pki } from './k3s/pki';

export interface ClusterServer {
  readonly nodeName: string;
  readonly publicAddress: string;
  readonly etcd: EtcdClient;
  /** Where and when it saves snapshots. */
  readonly snapshots: SnapshotSettings | undefined;
  /** Takes requests. */
  ready: boolean;
}

/** What a server hands to machines that join it. */
export interface ClusterBootstrap {
  readonly secrets: JoinSecrets;
  /** Settings in which servers must agree, by flag. */
  readonly critical: ReadonlyMap<string, string>;
  /** Key of the encryption of Secrets at rest, 32 bytes. */
  readonly encryptionKey: Buffer;
}

/** Plays the kubelets of all nodes. */
export interface ClusterKubelets {
  /** On 127.0.0.1: where it answers what is asked of a kubelet. */
  readonly port: number;
  /** Nothing happens if it runs already. */
  start(podCidr: string): void;
  close(): Promise<void>;
}

export interface ClusterOptions {
  readonly pki: Pki;
  /** Given an administrator's access. */
  readonly openKubelets: (api: KubernetesAccess) => Promise<ClusterKubelets>;
  readonly log: (line: string) => void;
}

const MASTERS = 'system:masters';
const LOOPBACK = '127.0.0.1';

export class Cluster {
  /** Set by the server that starts or restores the cluster. */
  bootstrap: ClusterBootstrap | undefined;
  private readonly administrators = new Map<string, Promise<KubernetesAccess>>();
  private lastChange: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly pki: Pki,
    /** By the droplet's id. */
    readonly servers: Map<number, ClusterServer>,
    /** Whichever server answers. */
    readonly api: KubernetesClient,
    readonly kubelets: ClusterKubelets,
    private readonly balancer: Forwarding,
  ) {}

  static async open({ pki, openKubelets, log }: ClusterOptions): Promise<Cluster> {
    const servers = new Map<number, ClusterServer>();
    const isHealthy = (address: string) =>
      [...servers.values()].some((server) => server.ready && server.publicAddress === address);
    // A k3s agent has such a balancer in it, too: it goes on when the server that it joined is lost.
    const balancer = await Forwarding.open(forwarderTo(servers), { isHealthy, log });
    const api = new KubernetesClient(await administratorAccess(pki, balancer, 'system:cloud-controller-manager'));
    const kubelets = await openKubelets(await administratorAccess(pki, balancer, 'system:kwok'));
    return new Cluster(pki, servers, api, kubelets, balancer);
  }

  /** Machines can join: at least one server takes requests. */
  get isReady(): boolean {
    return this.bootstrap !== undefined && [...this.servers.values()].some(({ ready }) => ready);
  }

  /** Credentials of an administrator with this name, for a program on this machine; whichever server answers. */
  administrator(commonName: string): Promise<KubernetesAccess> {
    const issued = this.administrators.get(commonName) ?? administratorAccess(this.pki, this.balancer, commonName);
    this.administrators.set(commonName, issued);
    return issued;
  }

  /** URL of the API on this machine; whichever server answers. */
  get server(): string {
    return serverThrough(this.balancer);
  }

  /** Changes of the etcd membership, one after the other. */
  exclusively<T>(change: () => Promise<T>): Promise<T> {
    const result = this.lastChange.then(change);
    this.lastChange = result.catch(() => undefined);
    return result;
  }

  /** To be called whenever a server comes or goes. */
  serversChanged(): Promise<void> {
    return this.balancer.update(forwarderTo(this.servers));
  }

  async close(): Promise<void> {
    this.servers.clear();
    await this.kubelets.close();
    this.api.close();
    await this.balancer.close();
  }
}

function forwarderTo(servers: ReadonlyMap<number, ClusterServer>): TcpForwarder {
  return {
    address: LOOPBACK,
    rules: [{ entryPort: 0, targetPort: API_PORT }],
    targets: [...servers.values()].map(({ publicAddress }) => publicAddress),
  };
}

async function administratorAccess(pki: Pki, balancer: Forwarding, commonName: string): Promise<KubernetesAccess> {
  const identity = { commonName, organization: MASTERS, usages: ['client'] } as const;
  const { certificate, key } = await issueLeaf(pki.authorities['client-ca'], identity);
  return {
    server: serverThrough(balancer),
    clusterCaCertificate: pki.authorities['server-ca'].pem,
    clientCertificate: certificate,
    clientKey: key,
  };
}

function serverThrough(balancer: Forwarding): string {
  return `https://${LOOPBACK}:${balancer.portOf(0)}`;
}

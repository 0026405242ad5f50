/** The kubelets of all nodes of a cluster, played by one kwok. */
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { freePort } from '#sandbox/net/free-port';
import type { ProcessStarter } from '#sandbox/processes/process';
import type { DropletDisk } from '../droplet/droplet-disk';
import { ProcessGroup } from '../droplet/process-group';
import { writeKubeconfig } from '../k3s/kubeconfig-file';
import { startKubeletForwards, type KubeletForwards } from './kubelet-forwards';
import { writeKubeletLogs } from './kubelet-logs';
import { kwokProcess } from './kwok';

export interface KubeletsOptions {
  /** Unique among the clusters. */
  readonly name: string;
  readonly disk: DropletDisk;
  /** As an administrator. */
  readonly api: KubernetesAccess;
  /** Path of the program. */
  readonly kwok: string;
  readonly processes: ProcessStarter;
  /** kwok ended by itself. */
  readonly onLost: (reason: string) => void;
}

export class Kubelets {
  private running: ProcessGroup | undefined;

  private constructor(
    private readonly options: KubeletsOptions,
    private readonly forwards: KubeletForwards,
    /** On 127.0.0.1: where it answers what is asked of a kubelet. */
    readonly port: number,
  ) {}

  /** Nothing runs before `start`. */
  static async open(options: KubeletsOptions): Promise<Kubelets> {
    return new Kubelets(options, await startKubeletForwards(options.disk), await freePort());
  }

  /** Nothing happens if it runs already. */
  start(podCidr: string): void {
    if (this.running !== undefined) return;
    const { name, disk, kwok, processes, onLost } = this.options;
    this.running = new ProcessGroup(processes);
    this.running.start(
      kwokProcess({
        command: kwok,
        name,
        kubeconfig: this.writeKubeconfig(),
        podCidr,
        answers: [writeKubeletLogs(disk), this.forwards.file],
        port: this.port,
      }),
    );
    void this.running.failure.then(onLost);
  }

  async close(): Promise<void> {
    await this.running?.stop();
    await this.forwards.close();
  }

  private writeKubeconfig(): string {
    const { disk, api } = this.options;
    disk.write('/kwok.crt', api.clientCertificate);
    disk.write('/kwok.key', api.clientKey);
    disk.write('/server-ca.crt', api.clusterCaCertificate);
    return writeKubeconfig(disk, {
      path: '/kwok.kubeconfig',
      server: api.server,
      authority: disk.at('/server-ca.crt'),
      client: { certificate: disk.at('/kwok.crt'), key: disk.at('/kwok.key') },
    });
  }
}

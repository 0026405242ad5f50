/** Runs the controllers against whichever cluster the sandbox has at the moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import type { KubernetesObject } from '#clients/kubernetes/object';
import type { ObjectWatch } from '#clients/kubernetes/watch';
import { acmeChallenges } from './acme-challenges';
import type { BlockStorage } from './block-storage';
import { certificateSecrets } from './certificate-secrets';
import { clusterIssuers } from './cluster-issuers';
import { ControlLoop, type Controller } from './controller';
import { ingressCertificates } from './ingress-certificates';
import { ingressStatus } from './ingress-status';
import { loadBalancerStatus } from './load-balancer-status';
import { volumeExpansion } from './volume-expansion';
import { volumeProvisioning } from './volume-provisioning';
import { volumeReclaiming } from './volume-reclaiming';

export interface ControllersOptions {
  /** How to reach the cluster at the moment; undefined while there is none. */
  readonly administrator: () => Promise<KubernetesAccess | undefined>;
  /** Of the load balancer in front of the nodes; undefined while there is none. */
  readonly entranceAddress: () => Promise<string | undefined>;
  /** Where the volumes are. */
  readonly storage: BlockStorage;
  readonly log: (line: string) => void;
}

const POLL_MS = 500;

/** They wait for a cluster, and go over to another one when the first is gone. */
export class Controllers {
  private readonly controllers: readonly Controller[];
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private cluster: ClusterControllers | undefined;

  constructor(private readonly options: ControllersOptions) {
    const { entranceAddress, storage } = options;
    this.controllers = [
      ingressStatus(),
      loadBalancerStatus(entranceAddress),
      clusterIssuers(),
      ingressCertificates(),
      certificateSecrets(),
      acmeChallenges(),
      volumeProvisioning(storage),
      volumeExpansion(storage),
      volumeReclaiming(storage),
    ];
    this.running = this.run();
  }

  /** Returns when nothing runs any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.step().catch(({ message }: Error) => this.options.log(`the cluster cannot be asked: ${message}`));
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    await this.cluster?.stop();
  }

  private async step(): Promise<void> {
    const access = await this.options.administrator();
    // While no API server answers, the watches try again by themselves.
    if (access === undefined) return;
    if (this.cluster?.isAt(access) === false) {
      await this.cluster.stop();
      this.cluster = undefined;
    }
    this.cluster ??= new ClusterControllers(access, this.controllers, this.options.log);
  }
}

/** Controllers of one cluster. */
class ClusterControllers {
  private readonly client: KubernetesClient;
  private readonly loops: readonly ControlLoop[];
  private readonly watches = new Map<string, ObjectWatch>();

  constructor(
    private readonly access: KubernetesAccess,
    controllers: readonly Controller[],
    log: (line: string) => void,
  ) {
    this.client = new KubernetesClient(access);
    this.loops = controllers.map((one) => new ControlLoop(one.name, () => this.reconcile(one), log));
    for (const path of new Set(controllers.flatMap(({ watches }) => watches))) {
      const concerned = this.loops.filter((_, index) => controllers[index]!.watches.includes(path));
      this.watches.set(
        path,
        this.client.watch(path, () => concerned.forEach((loop) => loop.trigger())),
      );
    }
  }

  isAt({ server, clusterCaCertificate }: KubernetesAccess): boolean {
    return server === this.access.server && clusterCaCertificate === this.access.clusterCaCertificate;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.watches.values()].map((watch) => watch.stop()));
    await Promise.all(this.loops.map((loop) => loop.stop()));
    this.client.close();
  }

  private async reconcile({ watches, reconcile }: Controller): Promise<void> {
    if (watches.some((path) => this.watches.get(path)?.objects() === undefined)) return;
    const objects = <T extends KubernetesObject>(path: string) => this.watches.get(path)!.objects() as readonly T[];
    await reconcile({ client: this.client, objects });
  }
}

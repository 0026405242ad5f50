/** Runs the controllers against whichever cluster the sandbox has at the moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import type { KubernetesObject } from '#clients/kubernetes/object';
import { acmeChallenges } from './acme-challenges';
import type { BlockStorage } from './block-storage';
import { certificateSecrets } from './certificate-secrets';
import { clusterIssuers } from './cluster-issuers';
import { controlLoop, type Controller } from './controller';
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

export interface RunningControllers {
  /** Returns when nothing runs any more. */
  stop(): Promise<void>;
}

const POLL_MS = 500;

/** They wait for a cluster, and go over to another one when the first is gone. */
export function startControllers({
  administrator,
  entranceAddress,
  storage,
  log,
}: ControllersOptions): RunningControllers {
  const controllers = [
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
  const stopping = new AbortController();
  let cluster: { readonly endpoint: KubernetesAccess; readonly running: RunningControllers } | undefined;

  const step = async (): Promise<void> => {
    const endpoint = await administrator();
    if (cluster !== undefined && !isSameCluster(cluster.endpoint, endpoint)) {
      await cluster.running.stop();
      cluster = undefined;
    }
    if (endpoint !== undefined) cluster ??= { endpoint, running: runControllers(endpoint, controllers, log) };
  };
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await step().catch((error: Error) => log(`the cluster cannot be asked: ${error.message}`));
      await sleep(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await cluster?.running.stop();
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

/** While no API server answers, the watches try again by themselves. */
function isSameCluster(one: KubernetesAccess, other: KubernetesAccess | undefined): boolean {
  return (
    other === undefined || (one.server === other.server && one.clusterCaCertificate === other.clusterCaCertificate)
  );
}

/** Runs controllers against one cluster. */
export function runControllers(
  endpoint: KubernetesAccess,
  controllers: readonly Controller[],
  log: (line: string) => void,
): RunningControllers {
  const client = new KubernetesClient(endpoint);
  const paths = [...new Set(controllers.flatMap(({ watches }) => watches))];
  const loops = controllers.map((controller) => {
    const reconcile = async () => {
      if (controller.watches.some((path) => watches.get(path)!.objects() === undefined)) return;
      const objects = <T extends KubernetesObject>(path: string) => watches.get(path)!.objects() as readonly T[];
      await controller.reconcile({ client, objects });
    };
    return { ...controlLoop(controller.name, reconcile, log), watches: controller.watches };
  });
  const watches = new Map(
    paths.map((path) => {
      const concerned = loops.filter((loop) => loop.watches.includes(path));
      return [path, client.watch(path, () => concerned.forEach((loop) => loop.trigger()))];
    }),
  );
  return {
    async stop() {
      await Promise.all([...watches.values()].map((watch) => watch.stop()));
      await Promise.all(loops.map((loop) => loop.stop()));
      client.close();
    },
  };
}

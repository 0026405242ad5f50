/** What Traefik sends requests to, as it learns it from a real API server, and whether somebody is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import type { KubernetesObject } from '#clients/kubernetes/object';

export interface TraefikView {
  /** Requests that met nobody: the pod had ended, and Traefik did not know yet. */
  readonly lost: readonly string[];
  /** Addresses of the Service that Traefik sends requests to. */
  targets(): ReadonlySet<string>;
  stop(): Promise<void>;
}

interface Slice extends KubernetesObject {
  readonly endpoints: readonly { readonly addresses: readonly string[]; readonly conditions: { ready?: boolean } }[];
}

interface Pod extends KubernetesObject {
  readonly status: { readonly podIP?: string };
}

/** Traefik gathers changes for so long. Source: its documentation, providers.providersThrottleDuration. */
const THROTTLE_MS = 2000;

/** Whoever is among the targets gets requests all the time, so a pod that ends while it is one loses some. */
export function traefikView(endpoint: KubernetesAccess, namespace: string, service: string): TraefikView {
  const lost: string[] = [];
  const stopping = new AbortController();
  let targets = new Set<string>();
  const client = new KubernetesClient(endpoint);
  const slices = client.watch(
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=kubernetes.io/service-name%3D${service}`,
    () => {
      const next = new Set((slices.objects() as readonly Slice[]).flatMap(readyAddresses));
      void sleep(THROTTLE_MS, undefined, { signal: stopping.signal }).then(
        () => (targets = next),
        () => undefined,
      );
    },
  );
  let running = new Set<string>();
  const pods = client.watch(`/api/v1/namespaces/${namespace}/pods`, () => {
    const now = new Set((pods.objects() as readonly Pod[]).flatMap(({ status: { podIP } }) => podIP ?? []));
    lost.push(...[...running].filter((address) => !now.has(address) && targets.has(address)));
    running = now;
  });
  return {
    lost,
    targets: () => targets,
    async stop() {
      stopping.abort();
      await Promise.all([slices.stop(), pods.stop()]);
      client.close();
    },
  };
}

function readyAddresses({ endpoints }: Slice): string[] {
  return (endpoints ?? []).filter(({ conditions }) => conditions.ready === true).flatMap(({ addresses }) => addresses);
}

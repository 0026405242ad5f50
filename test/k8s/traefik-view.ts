/** What Traefik sends requests to, as it learns it from a real API server, and whether somebody is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { watchObjects } from '#sandbox/controllers/object-watch';
import type { Endpoint } from '#sandbox/net/https-client';
import type { KubeObject } from '#sandbox/cluster/kube-client';

export interface TraefikView {
  /** Requests that met nobody: the pod had ended, and Traefik did not know yet. */
  readonly lost: readonly string[];
  /** Addresses of the Service that Traefik sends requests to. */
  targets(): ReadonlySet<string>;
  stop(): Promise<void>;
}

interface Slice extends KubeObject {
  readonly endpoints: readonly { readonly addresses: readonly string[]; readonly conditions: { ready?: boolean } }[];
}

interface Pod extends KubeObject {
  readonly status: { readonly podIP?: string };
}

/** Traefik gathers changes for so long. Source: its documentation, providers.providersThrottleDuration. */
const THROTTLE_MS = 2000;

/** Whoever is among the targets gets requests all the time, so a pod that ends while it is one loses some. */
export function traefikView(endpoint: Endpoint, namespace: string, service: string): TraefikView {
  const lost: string[] = [];
  const stopping = new AbortController();
  let targets = new Set<string>();
  const slices = watchObjects(
    endpoint,
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
  const pods = watchObjects(endpoint, `/api/v1/namespaces/${namespace}/pods`, () => {
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
    },
  };
}

function readyAddresses({ endpoints }: Slice): string[] {
  return (endpoints ?? []).filter(({ conditions }) => conditions.ready === true).flatMap(({ addresses }) => addresses);
}

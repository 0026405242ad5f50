/** Traefik's part: publishes in each Ingress where it can be reached, as the add-on's own arguments say. */
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '#clients/kubernetes/object';
import { readyWorkload, TRAEFIK, workloadsOf, type Workload } from './add-on';
import { INGRESS_CLASSES, INGRESSES, pathOf } from './api-paths';
import { forEachObject, type Controller } from './controller';

interface IngressClass extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly controller?: string };
}

interface Ingress extends KubernetesObject {
  readonly spec: { readonly ingressClassName?: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly object[] } };
}

const CONTROLLER = 'traefik.io/ingress-controller';
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';
const ENDPOINT = /^--providers\.kubernetesingress\.ingressendpoint\.(hostname|ip)=(.+)$/;

export function ingressStatus(): Controller {
  return {
    name: 'ingress status',
    watches: [INGRESSES, INGRESS_CLASSES, workloadsOf(TRAEFIK)],
    async reconcile(view) {
      const traefik = readyWorkload(view, TRAEFIK);
      const endpoint = traefik && endpointOf(traefik);
      if (endpoint === undefined) return;
      const classes = view.objects<IngressClass>(INGRESS_CLASSES).filter(({ spec }) => spec.controller === CONTROLLER);
      const isOurs = ({ spec }: Ingress) =>
        classes.some(({ metadata }) =>
          spec.ingressClassName === undefined
            ? metadata.annotations?.[DEFAULT_CLASS] === 'true'
            : spec.ingressClassName === metadata.name,
        );
      await forEachObject(view.objects<Ingress>(INGRESSES).filter(isOurs), async (ingress) => {
        if (isDeepStrictEqual(ingress.status?.loadBalancer?.ingress, [endpoint])) return;
        await view.client.patch(`${pathOf(INGRESSES, ingress)}/status`, {
          status: { loadBalancer: { ingress: [endpoint] } },
        });
      });
    },
  };
}

/** Undefined when it was not told one: then it publishes nothing. */
function endpointOf({ spec }: Workload): Record<string, string> | undefined {
  const args = spec.template.spec.containers.flatMap((container) => container.args ?? []);
  const found = args.map((argument) => ENDPOINT.exec(argument)).find((match) => match !== null);
  return found && { [found[1]!]: found[2]! };
}

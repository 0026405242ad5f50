/** The cloud controller's part for Services of type LoadBalancer. No balancer is made: all have the address of the entrance. */
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '#clients/kubernetes/object';
import { pathOf, SERVICES } from './api-paths';
import { forEachObject, type Controller } from './controller';

interface Service extends KubernetesObject {
  readonly spec: { readonly type?: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly object[] } };
}

/** @param address of the entrance; such Services wait while it is undefined */
export function loadBalancerStatus(address: () => Promise<string | undefined>): Controller {
  return {
    name: 'load balancers',
    watches: [SERVICES],
    async reconcile(view) {
      const services = view.objects<Service>(SERVICES).filter(({ spec }) => spec.type === 'LoadBalancer');
      if (services.length === 0) return;
      const ip = await address();
      if (ip === undefined) throw new Error('a Service of type LoadBalancer waits until the entrance has an address');
      const wanted = [{ ip, ipMode: 'VIP' }];
      await forEachObject(services, async (service) => {
        if (isDeepStrictEqual(service.status?.loadBalancer?.ingress, wanted)) return;
        await view.client.patch(`${pathOf(SERVICES, service)}/status`, {
          status: { loadBalancer: { ingress: wanted } },
        });
      });
    },
  };
}

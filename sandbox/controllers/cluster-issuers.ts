/** cert-manager's part for its issuers. No authority is asked: every issuer is Ready. */
import { isReady, type KubernetesObject } from '#clients/kubernetes/object';
import type { Http01Solver } from './acme-challenge';
import { CERT_MANAGER, readyWorkload, workloadsOf } from './add-on';
import { CLUSTER_ISSUERS, pathOf } from './api-paths';
import { condition, type Condition } from './conditions';
import { forEachObject, type Controller } from './controller';

export interface ClusterIssuer extends KubernetesObject {
  readonly spec: { readonly acme: { readonly solvers?: readonly Partial<Http01Solver>[] } };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export function clusterIssuers(): Controller {
  return {
    name: 'certificate issuers',
    watches: [CLUSTER_ISSUERS, workloadsOf(CERT_MANAGER)],
    async reconcile(view) {
      if (readyWorkload(view, CERT_MANAGER) === undefined) return;
      const waiting = view.objects<ClusterIssuer>(CLUSTER_ISSUERS).filter(({ status }) => !isReady(status));
      await forEachObject(waiting, async (issuer) => {
        const ready = condition('Ready', 'True', 'Emulated', 'The sandbox signs the certificates itself');
        await view.client.patch(`${pathOf(CLUSTER_ISSUERS, issuer)}/status`, { status: { conditions: [ready] } });
      });
    },
  };
}

/**
 * cert-manager's part for challenges, and the authority's: makes what answers one, and believes it when that could
 * answer. Only who may pass a NetworkPolicy is not judged, because no packet flows.
 */
import { KubernetesFailure } from '#clients/kubernetes/failure';
import { isReady, type KubernetesObject } from '#clients/kubernetes/object';
import type { Challenge } from './acme-challenge';
import { SOLVER_LABEL, solverFor, type SolverObject } from './acme-solver';
import { CERT_MANAGER, readyWorkload, TRAEFIK, workloadsOf, type Workload } from './add-on';
import { CHALLENGES, collectionOf, pathOf, PODS } from './api-paths';
import type { Condition } from './conditions';
import { forEachObject, type ClusterView, type Controller } from './controller';

interface Pod extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const SOLVER_PODS = `${PODS}?labelSelector=${encodeURIComponent(SOLVER_LABEL)}%3Dtrue`;
const WAITING = 'Waiting for HTTP-01 challenge propagation: nothing answers yet';

export function acmeChallenges(): Controller {
  return {
    name: 'certificate challenges',
    watches: [CHALLENGES, SOLVER_PODS, workloadsOf(CERT_MANAGER), workloadsOf(TRAEFIK)],
    async reconcile(view) {
      const certManager = readyWorkload(view, CERT_MANAGER);
      if (certManager === undefined) return;
      const open = view.objects<Challenge>(CHALLENGES).filter(({ status }) => status?.state !== 'valid');
      await forEachObject(open, (challenge) => solve(view, challenge, versionOf(certManager)));
    },
  };
}

async function solve(view: ClusterView, challenge: Challenge, version: string): Promise<void> {
  const solver = solverFor(challenge, version);
  const reason = await present(view, solver);
  if (reason !== undefined) {
    await report(view, challenge, { state: 'pending', presented: false, reason });
    throw new Error(`Error presenting challenge: ${reason}`);
  }
  const pod = view.objects<Pod>(SOLVER_PODS).find((one) => isSame(one, solver.pod.object));
  const answers = pod !== undefined && isReady(pod.status) && readyWorkload(view, TRAEFIK) !== undefined;
  if (!answers) return report(view, challenge, { state: 'pending', presented: true, reason: WAITING });
  for (const { collection, object } of Object.values(solver)) await view.client.delete(pathOf(collection, object));
  await report(view, challenge, { state: 'valid', presented: false, reason: 'Successfully authorized domain' });
}

/** Why it cannot be; undefined when all is there. A Service that is refused does not keep the pod from being made. */
async function present(
  view: ClusterView,
  { pod, service, ingress }: ReturnType<typeof solverFor>,
): Promise<string | undefined> {
  const noPod = await ensure(view, pod);
  const noService = await ensure(view, service);
  const noIngress = noService === undefined ? await ensure(view, ingress) : undefined;
  const reasons = [noPod, noService, noIngress].filter((reason) => reason !== undefined);
  return reasons.length > 1 ? `[${reasons.join(', ')}]` : reasons[0];
}

/** Why it is refused; undefined when it is there. */
async function ensure(view: ClusterView, { collection, object }: SolverObject): Promise<string | undefined> {
  // Looked for first: a create counts against the quota even where the object exists.
  if ((await view.client.get(pathOf(collection, object))) !== undefined) return undefined;
  try {
    await view.client.create(collectionOf(collection, object), object);
    return undefined;
  } catch (error) {
    if (error instanceof KubernetesFailure) return error.reason;
    throw error;
  }
}

async function report(view: ClusterView, challenge: Challenge, status: Challenge['status']): Promise<void> {
  const { state, presented, reason } = challenge.status ?? {};
  if (state === status?.state && presented === status?.presented && reason === status?.reason) return;
  await view.client.patch(`${pathOf(CHALLENGES, challenge)}/status`, { status });
}

/** The chart gives the solver the controller's own version. */
function versionOf({ spec }: Workload): string {
  return spec.template.spec.containers[0]!.image.split(':').at(-1)!;
}

function isSame({ metadata: one }: KubernetesObject, { metadata: other }: KubernetesObject): boolean {
  return one.name === other.name && one.namespace === other.namespace;
}

/**
 * Actions: what the API does after it answered. A droplet and a reserved IP have one at a time, and the API refuses
 * another: 422 "Droplet already has a pending event" (issue 1034 of the provider), "The floating IP already has a pending
 * event" (issue 493 of doctl). What ends one for real is time; here it is that somebody looks at it, as the provider and
 * doctl do before they go on, or at the latest that a few seconds are over.
 */
import { route } from '../http/routes';
import { nextId, timestamp, type Account } from './account';
import { listed, one, type DigitalOceanRoute } from './answers';
import { notFound, unprocessable } from './errors';

export interface Action {
  readonly id: number;
  status: 'in-progress' | 'completed';
  /** Such as `resize`. */
  readonly type: string;
  readonly started_at: string;
  completed_at: string | null;
  readonly resource_id: number;
  readonly resource_type: 'droplet' | 'reserved_ip';
  readonly region_slug: string;
}

interface Pending {
  readonly action: Action;
  /** Who takes part, by urn. */
  readonly urns: readonly string[];
  readonly until: number;
}

const LONGEST_MS = 5000;

/** Not saved: an action is over when the sandbox starts again. */
const pendingOf = new WeakMap<Account, Pending[]>();

export const actionRoutes: readonly DigitalOceanRoute[] = [
  route('GET /v2/actions/{id}', 'actions:read', ({ account }, { params }) =>
    one('action', look(account, params['id']!)),
  ),
  route('GET /v2/droplets/{droplet}/actions/{id}', 'droplet:read', ({ account }, { params }) =>
    one('action', look(account, params['id']!)),
  ),
  route('GET /v2/droplets/{droplet}/actions', 'droplet:read', ({ account }, request) =>
    listed(
      request,
      'actions',
      of(account)
        .map(({ action }) => action)
        .filter(({ resource_type, resource_id }) => {
          return resource_type === 'droplet' && `${resource_id}` === request.params['droplet'];
        }),
    ),
  ),
  route('GET /v2/reserved_ips/{ip}/actions/{id}', 'reserved_ip:read', ({ account }, { params }) =>
    one('action', look(account, params['id']!)),
  ),
];

/**
 * @param resource what the action is done to
 * @param urns droplets and reserved IPs that take part
 * @throws 422 when one of them takes part in another one
 */
export function begin(
  account: Account,
  type: string,
  resource: Pick<Action, 'resource_id' | 'resource_type' | 'region_slug'>,
  urns: readonly string[],
): Action {
  refuseBusy(account, urns);
  const id = nextId(account, 'actions');
  const action: Action = { id, status: 'in-progress', type, started_at: timestamp(), completed_at: null, ...resource };
  pendingOf.set(account, [...of(account), { action, urns, until: Date.now() + LONGEST_MS }]);
  return action;
}

/** @throws 422 when one of these takes part in an action that is not over */
export function refuseBusy(account: Account, urns: readonly string[]): void {
  const busy = of(account)
    .filter(({ action, until }) => action.status === 'in-progress' && Date.now() < until)
    .flatMap((pending) => pending.urns)
    .find((urn) => urns.includes(urn));
  if (busy === undefined) return;
  const whose = busy.startsWith('do:droplet:') ? 'Droplet' : 'The Reserved IP';
  throw unprocessable(`${whose} already has a pending event.`);
}

function of(account: Account): readonly Pending[] {
  return pendingOf.get(account) ?? [];
}

/** Whoever looks at an action sees that it is done. */
function look(account: Account, id: string): Action {
  const found = of(account).find(({ action }) => `${action.id}` === id)?.action;
  if (found === undefined) throw notFound();
  found.completed_at ??= timestamp();
  found.status = 'completed';
  return found;
}

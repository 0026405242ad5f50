/**
 * Actions: what the API does after it answered. A droplet and a reserved IP have one at a time, and the API refuses
 * another: 422 "Droplet already has a pending event" (issue 1034 of the provider), "The floating IP already has a pending
 * event" (issue 493 of doctl). Whether a move to a project is such an event is not documented: here it is. What ends one
 * for real is time; here it is that somebody looks, as the provider and doctl do before they go on, or at the latest that
 * a few seconds are over.
 */
import { route } from '../http/routes';
import { nextId, timestamp, type Account } from './account';
import { listed, one, regionBody, type DigitalOceanRoute } from './answers';
import { notFound, unprocessable } from './errors';

export interface Action {
  readonly id: number;
  status: 'in-progress' | 'completed';
  /** Such as `resize`. */
  readonly type: string;
  readonly started_at: string;
  completed_at: string | null;
  /** Only droplets have numbers. */
  readonly resource_id: number | null;
  readonly resource_type: string;
  readonly region: unknown;
  readonly region_slug: string | null;
}

/** What an action is done to, and what takes part in it besides. */
export interface Subject {
  readonly urn: string;
  /** Droplets and reserved IPs; the default is the subject alone. */
  readonly busy?: readonly string[];
  readonly region?: string;
  /** How long it takes as the action tells it; nobody really waits. */
  readonly seconds?: number;
}

interface Pending {
  readonly action: Action;
  readonly urn: string;
  readonly busy: readonly string[];
  readonly since: number;
  readonly seconds: number;
}

const LONGEST_MS = 5000;

/** Not saved: an action is over when the sandbox starts again. */
const pendingOf = new WeakMap<Account, Pending[]>();

export const actionRoutes: readonly DigitalOceanRoute[] = [
  route('GET /v2/actions/{action}', 'actions:read', ({ account }, { params }) =>
    one('action', look(account, params['action'])),
  ),
  route('GET /v2/droplets/{id}/actions/{action}', 'droplet:read', ({ account }, { params }) =>
    one('action', look(account, params['action'])),
  ),
  route('GET /v2/droplets/{id}/actions', 'droplet:read', ({ account }, request) =>
    listed(request, 'actions', settle(account, `do:droplet:${request.params['id']}`)),
  ),
  route('GET /v2/reserved_ips/{ip}/actions/{action}', 'reserved_ip:read', ({ account }, { params }) =>
    one('action', look(account, params['action'])),
  ),
  route('GET /v2/volumes/{id}/actions/{action}', 'block_storage_action:read', ({ account }, { params }) =>
    one('action', look(account, params['action'])),
  ),
];

/** @throws 422 when something takes part that is in the middle of another action */
export function begin(account: Account, type: string, subject: Subject): Action {
  const { urn, busy = [urn], region, seconds = 0 } = subject;
  refuseBusy(account, busy);
  const [, kind, id] = urn.split(':') as [string, string, string];
  const since = Date.now();
  const action: Action = {
    id: nextId(account, 'actions'),
    status: 'in-progress',
    type,
    started_at: timestamp(since),
    completed_at: null,
    resource_id: kind === 'droplet' ? Number(id) : null,
    resource_type: kind === 'floatingip' ? 'reserved_ip' : kind,
    region: region === undefined ? null : regionBody(region),
    region_slug: region ?? null,
  };
  pendingOf.set(account, [...allOf(account), { action, urn, busy, since, seconds }]);
  return action;
}

/** @throws 422 when one of these takes part in an action that is not over */
export function refuseBusy(account: Account, urns: readonly string[]): void {
  const busy = allOf(account)
    .filter(({ action, since }) => action.status === 'in-progress' && Date.now() < since + LONGEST_MS)
    .flatMap((pending) => pending.busy)
    .find((urn) => urns.includes(urn));
  if (busy === undefined) return;
  const whose = busy.startsWith('do:droplet:') ? 'Droplet' : 'The Reserved IP';
  throw unprocessable(`${whose} already has a pending event.`);
}

/** Whoever looks at a thing sees that all that it took part in is over. @returns what was done to it */
export function settle(account: Account, urn: string): Action[] {
  const over = allOf(account).filter((pending) => pending.urn === urn || pending.busy.includes(urn));
  for (const pending of over) complete(pending);
  return over.filter((pending) => pending.urn === urn).map(({ action }) => action);
}

function look(account: Account, id: string | undefined): Action {
  const found = allOf(account).find(({ action }) => `${action.id}` === id);
  if (found === undefined) throw notFound();
  return complete(found);
}

function complete({ action, since, seconds }: Pending): Action {
  action.completed_at = timestamp(since + seconds * 1000);
  action.status = 'completed';
  return action;
}

function allOf(account: Account): readonly Pending[] {
  return pendingOf.get(account) ?? [];
}

/** Uptime checks, which ask for a page from other regions, and the alerts of a check. Source: the API reference at `Uptime`. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { bodyOf } from '../http/request-body';
import { route, type RestRequest } from '../http/routes';
import { collection, type Account, type Held } from './account';
import { created, GONE, listed, one, type DigitalOceanRoute } from './answers';
import { notFound, unprocessable } from './errors';
import { checkRecipients, recipients } from './recipients';
import { usualRoutes } from './usual-routes';

/** A client in Go sends what is not given as an empty text. */
const given = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(['', ...values], `must be one of ${values.join(', ')}`).default('');

const check = z
  .object({
    name: z.string().min(1, 'is required'),
    type: z.enum(['ping', 'http', 'https'], 'must be one of ping, http, https'),
    target: z.string().min(1, 'is required'),
    regions: z.array(z.enum(['us_east', 'us_west', 'eu_west', 'se_asia'], 'is no region of checks')).min(1),
    enabled: z.boolean(),
  })
  // `format: url` in the API reference; what it does with a URL of another kind is not known.
  .refine(({ type, target }) => type === 'ping' || target.startsWith(`${type}://`), 'target must be a URL of the type');
const alert = z.object({
  name: z.string().min(1, 'is required'),
  type: z.enum(['latency', 'down', 'down_global', 'ssl_expiry'], 'is no type of alert'),
  /** Milliseconds or days, by the type. */
  threshold: z.int().default(0),
  comparison: given(['greater_than', 'less_than']),
  notifications: recipients,
  period: z.enum(['2m', '3m', '5m', '10m', '15m', '30m', '1h'], 'is no period'),
});
type AlertRequest = z.infer<typeof alert>;

interface Alert extends AlertRequest {
  readonly id: string;
}

interface Check extends Held, z.infer<typeof check> {
  readonly id: string;
  alerts: Alert[];
}

/** These have nothing to compare with (`N/A` in the API reference's table of thresholds). */
const WITHOUT_THRESHOLD = ['down', 'down_global'];

const checks = collection<Check>('uptime/checks', 'id');
const ALERTS = '/v2/uptime/checks/{check}/alerts';
const checkOf = (account: Account, { params }: RestRequest) => checks.find(account, params['check']);

export const uptimeRoutes: readonly DigitalOceanRoute[] = [
  route('POST /v2/uptime/checks', 'uptime:create', ({ account }, request) => {
    const made = { id: randomUUID(), ...bodyOf(request, check), alerts: [] };
    return created('check', body(account, checks.add(account, made)));
  }),
  // Its alerts go with it ("Delete an Uptime check and any alerts associated with it", product documentation).
  ...usualRoutes({ held: checks, key: 'check', scope: 'uptime', body }),
  route('PUT /v2/uptime/checks/{id}', 'uptime:update', ({ account }, request) => {
    const found = checks.find(account, request.params['id']);
    return one('check', body(account, Object.assign(found, bodyOf(request, check))));
  }),
  // A change of the check, too: the API reference asks for both scopes.
  route(`POST ${ALERTS}`, changing('uptime:create'), ({ account }, request) => {
    const made = { id: randomUUID(), ...alertOf(account, request) };
    checkOf(account, request).alerts.push(made);
    return created('alert', made);
  }),
  route(`GET ${ALERTS}`, 'uptime:read', ({ account }, request) =>
    listed(request, 'alerts', checkOf(account, request).alerts),
  ),
  route(`GET ${ALERTS}/{id}`, 'uptime:read', ({ account }, request) =>
    one('alert', findAlert(checkOf(account, request), request)),
  ),
  route(`PUT ${ALERTS}/{id}`, 'uptime:update', ({ account }, request) => {
    const found = findAlert(checkOf(account, request), request);
    return one('alert', Object.assign(found, alertOf(account, request)));
  }),
  route(`DELETE ${ALERTS}/{id}`, changing('uptime:delete'), ({ account }, request) => {
    const held = checkOf(account, request);
    const gone = findAlert(held, request);
    held.alerts = held.alerts.filter((other) => other !== gone);
    return GONE;
  }),
];

function changing(scope: string): () => string[] {
  return () => [scope, 'uptime:update'];
}

function alertOf(account: Account, request: RestRequest): AlertRequest {
  const wanted = bodyOf(request, alert);
  checkRecipients(account, wanted.notifications);
  if (!WITHOUT_THRESHOLD.includes(wanted.type) && (wanted.threshold <= 0 || wanted.comparison === '')) {
    throw unprocessable(`an alert of type ${wanted.type} needs a threshold and a comparison`);
  }
  return wanted;
}

function findAlert({ alerts }: Check, { params }: RestRequest): Alert {
  const found = alerts.find(({ id }) => id === params['id']);
  if (found === undefined) throw notFound();
  return found;
}

function body(_account: Account, check: Check): unknown {
  return { ...check, alerts: undefined };
}

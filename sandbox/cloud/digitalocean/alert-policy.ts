/** Alert policies: they watch what DigitalOcean measures of droplets and load balancers. Source: the API reference at `Monitoring`. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { bodyOf, listOf } from '../http/request-body';
import { route } from '../http/routes';
import { collection, type Account, type Held } from './account';
import { one, type DigitalOceanRoute } from './answers';
import { droplets } from './droplet';
import { unprocessable } from './errors';
import { loadBalancers } from './load-balancer';
import { checkRecipients, recipients } from './recipients';
import { existingTags } from './tag';
import { usualRoutes } from './usual-routes';

const DROPLET = 'v1/insights/droplet/';
const LOAD_BALANCER = 'v1/insights/lbaas/';
/** Of the kinds that the emulated cloud has. */
const TYPES = [
  ...['load_1', 'load_5', 'load_15', 'memory_utilization_percent', 'disk_utilization_percent', 'cpu'],
  ...['disk_read', 'disk_write', 'public_outbound_bandwidth', 'public_inbound_bandwidth'],
  ...['private_outbound_bandwidth', 'private_inbound_bandwidth'],
].map((end) => `${DROPLET}${end}`);
const LOAD_BALANCER_TYPES = [
  ...['avg_cpu_utilization_percent', 'connection_utilization_percent', 'droplet_health'],
  'tls_connections_per_second_utilization_percent',
  ...['increase_in_http_error_rate_percentage_5xx', 'increase_in_http_error_rate_percentage_4xx'],
  ...['increase_in_http_error_rate_count_5xx', 'increase_in_http_error_rate_count_4xx'],
  ...['', '_50p', '_95p', '_99p'].map((part) => `high_http_request_response_time${part}`),
].map((end) => `${LOAD_BALANCER}${end}`);

const policy = z.object({
  type: z.string().refine((type) => [...TYPES, ...LOAD_BALANCER_TYPES].includes(type), 'is no type of alert'),
  description: z.string().min(1, 'is required'),
  compare: z.enum(['GreaterThan', 'LessThan'], 'must be GreaterThan or LessThan'),
  value: z.number().min(0),
  window: z.enum(['5m', '10m', '30m', '1h'], 'must be one of 5m, 10m, 30m, 1h'),
  /** Ids of droplets, or of load balancers: by the type. With neither these nor tags it is for all of the account. */
  entities: listOf(z.string()),
  tags: listOf(z.string()),
  alerts: recipients,
  enabled: z.boolean(),
});
type PolicyRequest = z.infer<typeof policy>;

interface AlertPolicy extends Held, PolicyRequest {
  readonly uuid: string;
  tags: string[];
}

const policies = collection<AlertPolicy>('monitoring/alerts', 'uuid');

export const alertPolicyRoutes: readonly DigitalOceanRoute[] = [
  // 200 and not 201, as the API reference has it.
  route('POST /v2/monitoring/alerts', 'monitoring:create', ({ account }, request) => {
    const made = { uuid: randomUUID(), ...checked(account, bodyOf(request, policy)) };
    return one('policy', policies.add(account, made));
  }),
  ...usualRoutes({ held: policies, key: 'policy', list: 'policies', scope: 'monitoring' }),
  route('PUT /v2/monitoring/alerts/{id}', 'monitoring:update', ({ account }, request) => {
    const found = policies.find(account, request.params['id']);
    return one('policy', Object.assign(found, checked(account, bodyOf(request, policy))));
  }),
];

function checked(account: Account, wanted: PolicyRequest): PolicyRequest {
  checkRecipients(account, wanted.alerts);
  const known = wanted.type.startsWith(DROPLET) ? droplets.of(account) : loadBalancers.of(account);
  const stranger = wanted.entities.find((entity) => !known.some(({ id }) => `${id}` === entity));
  if (stranger !== undefined) throw unprocessable(`entity ${stranger} is not one that ${wanted.type} is about`);
  return { ...wanted, tags: existingTags(account, wanted.tags) };
}

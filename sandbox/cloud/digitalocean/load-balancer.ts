/** Load balancers: a public address of their own, and droplets behind it. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { regionOf } from '#config/digitalocean';
import { between, bodyOf, listOf } from '../http/request-body';
import { route } from '../http/routes';
import { collection, timestamp, type Account, type Held } from './account';
import { isAddressOrRange } from './address-ranges';
import { allocatePublicAddress } from './addresses';
import { one, regionBody, type DigitalOceanRoute } from './answers';
import { droplets, requireDroplets, type Droplet } from './droplet';
import { conflict, unprocessable } from './errors';
import { inDefaultProject, projectOf } from './project';
import { existingTags } from './tag';
import { usualRoutes } from './usual-routes';
import { placeInVpc } from './vpc';

const OVER_HTTP = ['http', 'https'];
const NETWORK_PROTOCOLS = ['tcp', 'udp'];
/** More than these need a tag (documented limit). */
const MAX_NAMED_DROPLETS = 10;

const forwardingRule = z.object({
  entry_protocol: z.string(),
  entry_port: z.int(),
  target_protocol: z.string(),
  target_port: z.int(),
  certificate_id: z.literal('', 'certificates are not part of the emulated cloud').default(''),
  tls_passthrough: z.boolean().default(false),
});
const healthCheck = z
  .object({
    protocol: z.string().default('http'),
    port: z.int().default(80),
    path: z.string().optional(),
    check_interval_seconds: z.int().default(10),
    response_timeout_seconds: z.int().default(5),
    healthy_threshold: z.int().default(5),
    unhealthy_threshold: z.int().default(3),
  })
  // One over tcp has none: a path that comes back is a difference in every plan (seen with the official provider).
  .transform((check) => ({ ...check, path: check.path ?? (OVER_HTTP.includes(check.protocol) ? '/' : '') }));
const source = z.string().refine(isSource, 'invalid firewall source');

/** Firewalls have such names, too. */
export const networkName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9.-]{0,254}$/,
    'must start with a letter or number and hold only a-z, A-Z, 0-9, . and -',
  );

/** What a caller decides, with the API's documented defaults. */
const settings = z.object({
  name: networkName,
  size_unit: between(1, 200).default(1),
  forwarding_rules: z.array(forwardingRule).min(1, 'at least one forwarding rule is required'),
  health_check: healthCheck.prefault({}),
  sticky_sessions: z
    .object({
      type: z.string().default('none'),
      cookie_name: z.string().optional(),
      cookie_ttl_seconds: z.int().optional(),
    })
    .prefault({}),
  tag: z.string().default(''),
  droplet_ids: listOf(z.int()),
  enable_proxy_protocol: z.boolean().default(false),
  enable_backend_keepalive: z.boolean().default(false),
  redirect_http_to_https: z.boolean().default(false),
  disable_lets_encrypt_dns_records: z.boolean().default(false),
  // The API reference's limits.
  http_idle_timeout_seconds: between(30, 600).default(60),
  firewall: z.object({ allow: listOf(source), deny: listOf(source) }).prefault({ allow: [], deny: [] }),
  project_id: z.string().optional(),
});
/** What is decided at creation, for life. */
const place = z.object({
  region: z.string(),
  type: z.enum(['REGIONAL', 'REGIONAL_NETWORK'], 'is not part of the emulated cloud').default('REGIONAL'),
  network: z.literal('EXTERNAL', 'internal load balancers are not part of the emulated cloud').default('EXTERNAL'),
  vpc_uuid: z.string().optional(),
});

type Settings = z.infer<typeof settings>;
export interface LoadBalancer extends Held, Settings, z.infer<typeof place> {
  readonly id: string;
  readonly ip: string;
  /** Those that were named; the API tells all that requests go to. */
  droplet_ids: number[];
  readonly project_id: string;
  readonly vpc_uuid: string;
  readonly algorithm: string;
  readonly status: string;
  readonly created_at: string;
}

export const loadBalancers = collection<LoadBalancer>('load_balancers', 'id');

export const loadBalancerRoutes: readonly DigitalOceanRoute[] = [
  route('POST /v2/load_balancers', 'load_balancer:create', ({ account }, request) => {
    const wanted = bodyOf(request, settings);
    const { region, vpc_uuid, ...where } = bodyOf(request, place);
    if (regionOf(region) === undefined) throw unprocessable('region is invalid');
    check(account, wanted, where.type, undefined);
    if (loadBalancers.of(account).length >= account.quotas.load_balancers) {
      throw unprocessable('load balancer limit exceeded');
    }
    const id = randomUUID();
    const made = loadBalancers.add(account, {
      id,
      ...wanted,
      ...inProject(account, `do:loadbalancer:${id}`, wanted.project_id),
      region,
      ...where,
      vpc_uuid: placeInVpc(account, region, vpc_uuid).id,
      ip: allocatePublicAddress(account),
      algorithm: 'round_robin',
      status: 'active',
      created_at: timestamp(),
    });
    return one('load_balancer', body(account, made), 202);
  }),
  ...usualRoutes({ held: loadBalancers, key: 'load_balancer', body }),
  // Replaces all settings.
  route('PUT /v2/load_balancers/{id}', 'load_balancer:update', ({ account }, request) => {
    const balancer = loadBalancers.find(account, request.params['id']);
    const { project_id = balancer.project_id, ...wanted } = bodyOf(request, settings);
    check(account, wanted, balancer.type, balancer);
    const project = projectOf(account, project_id);
    return one('load_balancer', body(account, Object.assign(balancer, wanted, { project_id: project.id })));
  }),
];

/** The droplets that a balancer passes requests to at the moment: named ones, or those of a tag in its own VPC. */
export function targetsOf(account: Account, { tag, droplet_ids, vpc_uuid }: LoadBalancer): Droplet[] {
  return droplets
    .of(account)
    .filter((droplet) =>
      tag === '' ? droplet_ids.includes(droplet.id) : droplet.tags.includes(tag) && droplet.vpc_uuid === vpc_uuid,
    );
}

function body(account: Account, balancer: LoadBalancer): unknown {
  const droplet_ids = targetsOf(account, balancer).map(({ id }) => id);
  return { ...balancer, region: regionBody(balancer.region), droplet_ids, urn: undefined };
}

function inProject(account: Account, urn: string, project: string | undefined): { urn: string; project_id: string } {
  return project === undefined ? inDefaultProject(account, urn) : { urn, project_id: projectOf(account, project).id };
}

/** Refuses what the API refuses, and names tags in the capitals that they have. */
function check(account: Account, wanted: Settings, type: string, own: LoadBalancer | undefined): void {
  const { name, forwarding_rules, tag, droplet_ids } = wanted;
  if (loadBalancers.of(account).some((other) => other.name === name && other !== own)) {
    throw conflict('a load balancer with this name already exists');
  }
  checkRules(forwarding_rules, type);
  if (tag !== '') [wanted.tag] = existingTags(account, [tag]) as [string];
  if (tag !== '' && droplet_ids.length > 0) throw unprocessable('droplet_ids and tag are mutually exclusive');
  if (droplet_ids.length > MAX_NAMED_DROPLETS) throw unprocessable('more than 10 droplets need a tag');
  requireDroplets(account, droplet_ids);
}

function checkRules(rules: Settings['forwarding_rules'], type: string): void {
  const entries = rules.map(({ entry_protocol, entry_port }) => {
    return `${entry_protocol === 'udp' ? 'udp' : 'tcp'} ${entry_port}`;
  });
  if (new Set(entries).size < entries.length) throw unprocessable('forwarding rules must have different entry ports');
  const layer7 = rules.find(({ entry_protocol }) => !NETWORK_PROTOCOLS.includes(entry_protocol));
  if (type === 'REGIONAL_NETWORK' && layer7 !== undefined) {
    throw unprocessable('a network load balancer takes only tcp and udp forwarding rules');
  }
}

/** `ip:<address>` or `cidr:<range>`. */
function isSource(text: string): boolean {
  const [, kind, address = ''] = /^(ip|cidr):(.+)$/.exec(text) ?? [];
  return kind !== undefined && isAddressOrRange(address) && (kind === 'ip' || address.includes('/'));
}

import { ProviderError, type Value, type ValueObject } from '../engine/resource';
import { blocks, text, texts } from '../attributes';
import { apiResource, fieldsOf } from './api-resource';
import { untilIt } from './client';

const NOT_EMULATED = ['glb_settings', 'domains', 'target_load_balancer_ids', 'size'];
/** Arguments that the API takes under the same name. */
const ARGUMENTS = [
  'name',
  'region',
  'algorithm',
  'size_unit',
  'type',
  'network',
  'network_stack',
  'tls_cipher_policy',
  'vpc_uuid',
  'project_id',
  'redirect_http_to_https',
  'enable_proxy_protocol',
  'enable_backend_keepalive',
  'disable_lets_encrypt_dns_records',
  'http_idle_timeout_seconds',
];
const RULE = ['entry_protocol', 'entry_port', 'target_protocol', 'target_port', 'tls_passthrough'];
const PATH = '/v2/load_balancers';

interface LoadBalancer extends ValueObject {
  readonly id: string;
  readonly region: { readonly slug: string };
  readonly forwarding_rules: readonly ValueObject[];
}

export const loadBalancer = apiResource<LoadBalancer>({
  path: PATH,
  root: 'load_balancer',
  noun: 'Load Balancer',
  words: { read: 'Error retrieving Loadbalancer', ready: 'active' },
  mayBeGone: true,
  schemaVersion: 1,
  forceNew: ['region', 'vpc_uuid', 'type', 'network', 'network_stack'],
  deprecated: ['algorithm', 'forwarding_rule.certificate_id'],
  computedBlocks: ['healthcheck', 'sticky_sessions', 'firewall', 'domains', 'glb_settings'],
  stored: { region: (region) => (typeof region === 'string' ? region.toLowerCase() : region) },
  defaults: {
    algorithm: 'round_robin',
    disable_lets_encrypt_dns_records: false,
    enable_backend_keepalive: false,
    enable_proxy_protocol: false,
    redirect_http_to_https: false,
    'forwarding_rule.tls_passthrough': false,
    'healthcheck.check_interval_seconds': 10,
    'healthcheck.response_timeout_seconds': 5,
    'healthcheck.healthy_threshold': 5,
    'healthcheck.unhealthy_threshold': 3,
    'sticky_sessions.type': 'none',
  },
  validate,
  request,
  attributes,
  ready: (client, id, signal) => {
    const look = async () => (await client.get<{ load_balancer: LoadBalancer }>(`${PATH}/${id}`)).load_balancer;
    return untilIt(look, ({ status }) => status === 'active', signal);
  },
});

function validate(config: ValueObject): void {
  const asked = NOT_EMULATED.find(
    (name) => blocks(config, name).length + texts(config, name).length + text(config, name).length > 0,
  );
  if (asked !== undefined) throw new ProviderError(`The emulated cloud has no ${asked}`, '', [asked]);
  const certified = blocks(config, 'forwarding_rule').some((rule) => text(rule, 'certificate_name') !== '');
  if (certified) throw new ProviderError('The emulated cloud has no certificates', '', ['forwarding_rule']);
  for (const check of blocks(config, 'healthcheck')) {
    const protocol = text(check, 'protocol');
    const overHttp = protocol === 'http' || protocol === 'https';
    if (overHttp && check['path'] === null) {
      throw new ProviderError(`health check \`path\` is required for when protocol is \`${protocol}\``);
    }
    if (protocol === 'tcp' && text(check, 'path') !== '') {
      throw new ProviderError('health check `path` is not allowed for when protocol is `tcp`');
    }
  }
}

function request(planned: ValueObject): object {
  const [health_check] = blocks(planned, 'healthcheck');
  const [sticky_sessions] = blocks(planned, 'sticky_sessions');
  const [firewall] = blocks(planned, 'firewall');
  const tag = text(planned, 'droplet_tag');
  return {
    ...fieldsOf(planned, ARGUMENTS),
    ...(tag === '' ? fieldsOf(planned, ['droplet_ids']) : { tag }),
    forwarding_rules: blocks(planned, 'forwarding_rule').map((rule) => fieldsOf(rule, RULE)),
    health_check: health_check && fieldsOf(health_check, Object.keys(health_check)),
    sticky_sessions: sticky_sessions && fieldsOf(sticky_sessions, Object.keys(sticky_sessions)),
    firewall: firewall && { allow: firewall['allow'] ?? [], deny: firewall['deny'] ?? [] },
  };
}

function attributes({
  region,
  tag,
  forwarding_rules,
  health_check,
  sticky_sessions,
  firewall,
  ...same
}: LoadBalancer): ValueObject {
  const block = (value: Value | undefined) => (value ? [value] : []);
  return {
    ...same,
    // The provider does not read it back.
    network: null,
    region: region.slug,
    urn: `do:loadbalancer:${same.id}`,
    droplet_tag: tag ?? '',
    forwarding_rule: forwarding_rules,
    healthcheck: block(health_check),
    sticky_sessions: block(sticky_sessions),
    firewall: block(firewall),
    domains: [],
    glb_settings: [],
    target_load_balancer_ids: [],
  };
}

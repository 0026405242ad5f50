import { ProviderError, type Value, type ValueObject } from '../engine/resource';
import { blocks, text } from '../attributes';
import { apiResource, fieldsOf } from './api-resource';
import { untilIt } from './client';

/** Arguments that the API takes under the same name. */
const SAME = ['name', 'region', 'size_unit', 'type', 'vpc_uuid', 'enable_proxy_protocol', 'http_idle_timeout_seconds'];
const RULE = ['entry_protocol', 'entry_port', 'target_protocol', 'target_port'];
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
  arguments: [...SAME, 'droplet_tag', 'forwarding_rule', 'healthcheck'],
  forceNew: ['region', 'vpc_uuid', 'type', 'network', 'network_stack'],
  computedBlocks: ['healthcheck', 'sticky_sessions', 'firewall', 'domains', 'glb_settings'],
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
  return {
    ...fieldsOf(planned, SAME),
    tag: text(planned, 'droplet_tag'),
    forwarding_rules: blocks(planned, 'forwarding_rule').map((rule) => fieldsOf(rule, RULE)),
    health_check: health_check && fieldsOf(health_check, Object.keys(health_check)),
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

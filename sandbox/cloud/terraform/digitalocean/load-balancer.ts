import { targetsOf } from '#sandbox/cloud/account/forwarders';
import {
  createLoadBalancer,
  deleteLoadBalancer,
  getLoadBalancer,
  updateLoadBalancer,
} from '#sandbox/cloud/account/load-balancers';
import { assignResources } from '#sandbox/cloud/account/projects';
import type {
  ForwardingRule,
  HealthCheck,
  LoadBalancer,
  LoadBalancerSettings,
} from '#sandbox/cloud/account/resources/load-balancer';
import { urn } from '#sandbox/cloud/account/urns';
import { ProviderError, type ResourceType, type Value, type ValueObject } from '../engine/resource';
import { blocks, flag, number, numbers, optional, optionalText, text, texts } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';

const DEFAULT_IDLE_SECONDS = 60;
/** What the API checks when it is not told what to check. */
const DEFAULT_CHECK: HealthCheck = {
  protocol: 'http',
  port: 80,
  path: '/',
  checkIntervalSeconds: 10,
  responseTimeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 3,
};
const NOT_EMULATED = ['glb_settings', 'domains', 'target_load_balancer_ids', 'size'];

export const loadBalancer: ResourceType<DigitalOceanClient> = {
  schemaVersion: 1,
  forceNew: ['region', 'vpc_uuid', 'type', 'network', 'network_stack'],
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
  create: ({ client, planned }) =>
    calling('Error creating Load Balancer', async () => {
      const place = {
        region: text(planned, 'region').toLowerCase(),
        type: optionalText(planned, 'type') ?? 'REGIONAL',
        network: optionalText(planned, 'network') ?? 'EXTERNAL',
        vpcId: optionalText(planned, 'vpc_uuid'),
      };
      const made = await createLoadBalancer(client.session, place, settings(planned));
      const project = optionalText(planned, 'project_id');
      if (project !== undefined) await assignResources(client.session, project, [urn.loadBalancer(made.id)]);
      return attributes(client, made, planned);
    }),
  read: ({ client, state }) =>
    reading('Error retrieving Load Balancer', async () =>
      attributes(client, await getLoadBalancer(client.session, text(state, 'id')), state),
    ),
  update: ({ client, planned }) =>
    calling('Error updating Load Balancer', async () =>
      attributes(client, await updateLoadBalancer(client.session, text(planned, 'id'), settings(planned)), planned),
    ),
  delete: ({ client, state }) =>
    deleting('Error deleting Load Balancer', () => deleteLoadBalancer(client.session, text(state, 'id'))),
  import: ({ client, id }) =>
    calling('Error importing Load Balancer', async () => {
      const { healthCheck } = await getLoadBalancer(client.session, id);
      return { id, healthcheck: [checkBlock(healthCheck, {})] };
    }),
};

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

function settings(planned: ValueObject): LoadBalancerSettings {
  const [check] = blocks(planned, 'healthcheck');
  const [sticky = {}] = blocks(planned, 'sticky_sessions');
  const [firewall = {}] = blocks(planned, 'firewall');
  const tag = text(planned, 'droplet_tag');
  return {
    name: text(planned, 'name'),
    sizeUnit: number(planned, 'size_unit') || 1,
    forwardingRules: blocks(planned, 'forwarding_rule').map(ruleOf),
    healthCheck: check === undefined ? DEFAULT_CHECK : checkOf(check),
    stickySessions: {
      type: optionalText(sticky, 'type') ?? 'none',
      cookieName: text(sticky, 'cookie_name'),
      cookieTtlSeconds: number(sticky, 'cookie_ttl_seconds'),
    },
    tag,
    dropletIds: tag === '' ? numbers(planned, 'droplet_ids') : [],
    enableProxyProtocol: flag(planned, 'enable_proxy_protocol'),
    enableBackendKeepalive: flag(planned, 'enable_backend_keepalive'),
    redirectHttpToHttps: flag(planned, 'redirect_http_to_https'),
    disableLetsEncryptDnsRecords: flag(planned, 'disable_lets_encrypt_dns_records'),
    httpIdleTimeoutSeconds: number(planned, 'http_idle_timeout_seconds') || DEFAULT_IDLE_SECONDS,
    allow: texts(firewall, 'allow'),
    deny: texts(firewall, 'deny'),
  };
}

function ruleOf(block: ValueObject): ForwardingRule {
  return {
    entryProtocol: text(block, 'entry_protocol'),
    entryPort: number(block, 'entry_port'),
    targetProtocol: text(block, 'target_protocol'),
    targetPort: number(block, 'target_port'),
    tlsPassthrough: flag(block, 'tls_passthrough'),
  };
}

function checkOf(block: ValueObject): HealthCheck {
  return {
    protocol: text(block, 'protocol'),
    port: number(block, 'port'),
    path: text(block, 'path'),
    checkIntervalSeconds: number(block, 'check_interval_seconds'),
    responseTimeoutSeconds: number(block, 'response_timeout_seconds'),
    healthyThreshold: number(block, 'healthy_threshold'),
    unhealthyThreshold: number(block, 'unhealthy_threshold'),
  };
}

function attributes({ session }: DigitalOceanClient, made: LoadBalancer, state: ValueObject): ValueObject {
  const { state: account } = session.account;
  const itsUrn = urn.loadBalancer(made.id);
  const [check] = blocks(state, 'healthcheck');
  return {
    id: made.id,
    name: made.name,
    region: made.region,
    type: made.type,
    vpc_uuid: made.vpcId,
    size_unit: made.sizeUnit,
    // Nothing else can be chosen any more.
    algorithm: text(state, 'algorithm') || 'round_robin',
    droplet_tag: optional(state, 'droplet_tag', made.tag),
    droplet_ids: targetsOf(account, made).map(({ id }) => id),
    target_load_balancer_ids: [],
    forwarding_rule: made.forwardingRules.map(ruleBlock),
    // The real state also holds these blocks when nobody configured them.
    healthcheck: check === undefined ? [] : [checkBlock(made.healthCheck, check)],
    firewall: made.allow.length + made.deny.length === 0 ? [] : firewallBlocks(made, state),
    enable_proxy_protocol: made.enableProxyProtocol,
    enable_backend_keepalive: made.enableBackendKeepalive,
    redirect_http_to_https: made.redirectHttpToHttps,
    disable_lets_encrypt_dns_records: made.disableLetsEncryptDnsRecords,
    http_idle_timeout_seconds: made.httpIdleTimeoutSeconds,
    project_id: account.projects.find(({ resources }) => resources.includes(itsUrn))?.id ?? '',
    ip: made.ip,
    ipv6: '',
    status: 'active',
    urn: itsUrn,
  };
}

function ruleBlock(rule: ForwardingRule): ValueObject {
  return {
    entry_protocol: rule.entryProtocol,
    entry_port: rule.entryPort,
    target_protocol: rule.targetProtocol,
    target_port: rule.targetPort,
    tls_passthrough: rule.tlsPassthrough,
    certificate_id: '',
    certificate_name: '',
  };
}

function checkBlock(check: HealthCheck, state: ValueObject): ValueObject {
  return {
    protocol: check.protocol,
    port: check.port,
    path: optional(state, 'path', check.path),
    check_interval_seconds: check.checkIntervalSeconds,
    response_timeout_seconds: check.responseTimeoutSeconds,
    healthy_threshold: check.healthyThreshold,
    unhealthy_threshold: check.unhealthyThreshold,
  };
}

function firewallBlocks({ allow, deny }: LoadBalancer, state: ValueObject): Value {
  const [known = {}] = blocks(state, 'firewall');
  return [{ allow: optional(known, 'allow', allow), deny: optional(known, 'deny', deny) }];
}

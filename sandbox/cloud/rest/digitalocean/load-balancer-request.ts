/** What a caller sends to make a load balancer, with the API's documented defaults. */
import { z } from 'zod';
import type { LoadBalancerPlace, LoadBalancerSettings } from '#sandbox/cloud/account/resources/load-balancer';

const healthCheck = z.object({
  protocol: z.string().default('http'),
  port: z.int().default(80),
  path: z.string().default('/'),
  check_interval_seconds: z.int().default(10),
  response_timeout_seconds: z.int().default(5),
  healthy_threshold: z.int().default(5),
  unhealthy_threshold: z.int().default(3),
});

export const loadBalancerBody = z.object({
  name: z.string(),
  region: z.string(),
  type: z.string().default('REGIONAL'),
  network: z.string().default('EXTERNAL'),
  vpc_uuid: z.string().optional(),
  project_id: z.string().optional(),
  size_unit: z.int().default(1),
  forwarding_rules: z.array(
    z.object({
      entry_protocol: z.string(),
      entry_port: z.int(),
      target_protocol: z.string(),
      target_port: z.int(),
      tls_passthrough: z.boolean().default(false),
    }),
  ),
  health_check: healthCheck.default(healthCheck.parse({})),
  sticky_sessions: z
    .object({
      type: z.string().default('none'),
      cookie_name: z.string().default(''),
      cookie_ttl_seconds: z.int().default(0),
    })
    .default({ type: 'none', cookie_name: '', cookie_ttl_seconds: 0 }),
  tag: z.string().default(''),
  droplet_ids: z.array(z.int()).default([]),
  enable_proxy_protocol: z.boolean().default(false),
  enable_backend_keepalive: z.boolean().default(false),
  redirect_http_to_https: z.boolean().default(false),
  disable_lets_encrypt_dns_records: z.boolean().default(false),
  http_idle_timeout_seconds: z.int().default(60),
  firewall: z
    .object({ allow: z.array(z.string()).default([]), deny: z.array(z.string()).default([]) })
    .default({ allow: [], deny: [] }),
});

type Wanted = z.infer<typeof loadBalancerBody>;

export function placeOf({ region, type, network, vpc_uuid }: Wanted): LoadBalancerPlace {
  return { region, type, network, ...(vpc_uuid === undefined ? {} : { vpcId: vpc_uuid }) };
}

export function settingsOf(wanted: Wanted): LoadBalancerSettings {
  const { health_check: check, sticky_sessions: sticky, firewall } = wanted;
  return {
    name: wanted.name,
    sizeUnit: wanted.size_unit,
    forwardingRules: wanted.forwarding_rules.map((rule) => ({
      entryProtocol: rule.entry_protocol,
      entryPort: rule.entry_port,
      targetProtocol: rule.target_protocol,
      targetPort: rule.target_port,
      tlsPassthrough: rule.tls_passthrough,
    })),
    healthCheck: {
      protocol: check.protocol,
      port: check.port,
      path: check.path,
      checkIntervalSeconds: check.check_interval_seconds,
      responseTimeoutSeconds: check.response_timeout_seconds,
      healthyThreshold: check.healthy_threshold,
      unhealthyThreshold: check.unhealthy_threshold,
    },
    stickySessions: {
      type: sticky.type,
      cookieName: sticky.cookie_name,
      cookieTtlSeconds: sticky.cookie_ttl_seconds,
    },
    tag: wanted.tag,
    dropletIds: wanted.droplet_ids,
    enableProxyProtocol: wanted.enable_proxy_protocol,
    enableBackendKeepalive: wanted.enable_backend_keepalive,
    redirectHttpToHttps: wanted.redirect_http_to_https,
    disableLetsEncryptDnsRecords: wanted.disable_lets_encrypt_dns_records,
    httpIdleTimeoutSeconds: wanted.http_idle_timeout_seconds,
    allow: firewall.allow,
    deny: firewall.deny,
  };
}

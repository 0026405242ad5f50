import { targetsOf } from '#sandbox/cloud/account/forwarders';
import {
  createLoadBalancer,
  deleteLoadBalancer,
  getLoadBalancer,
  listLoadBalancers,
} from '#sandbox/cloud/account/load-balancers';
import { assignResources } from '#sandbox/cloud/account/projects';
import type { LoadBalancer } from '#sandbox/cloud/account/resources/load-balancer';
import type { AccountState } from '#sandbox/cloud/account/state';
import { urn } from '#sandbox/cloud/account/urns';
import { bodyOf } from '#sandbox/cloud/http/request-body';
import { route } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, regionJson, type DigitalOceanRoute } from './answers';
import { loadBalancerBody, placeOf, settingsOf } from './load-balancer-request';

export const loadBalancerRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/load_balancers', async (session, request) => {
    const balancers = await listLoadBalancers(session);
    const bodies = balancers.map((balancer) => body(session.account.state, balancer));
    return listAnswer(request, 'load_balancers', bodies);
  }),
  route('POST', '/v2/load_balancers', async (session, request) => {
    const wanted = bodyOf(request, loadBalancerBody);
    const balancer = await createLoadBalancer(session, placeOf(wanted), settingsOf(wanted));
    if (wanted.project_id) await assignResources(session, wanted.project_id, [urn.loadBalancer(balancer.id)]);
    return oneAnswer('load_balancer', body(session.account.state, balancer), 202);
  }),
  route('GET', '/v2/load_balancers/{id}', async (session, { params }) =>
    oneAnswer('load_balancer', body(session.account.state, await getLoadBalancer(session, params['id']!))),
  ),
  route('DELETE', '/v2/load_balancers/{id}', async (session, { params }) => {
    await deleteLoadBalancer(session, params['id']!);
    return GONE;
  }),
];

function body(state: AccountState, balancer: LoadBalancer): unknown {
  const itsUrn = urn.loadBalancer(balancer.id);
  return {
    id: balancer.id,
    name: balancer.name,
    ip: balancer.ip,
    size_unit: balancer.sizeUnit,
    type: balancer.type,
    network: balancer.network,
    algorithm: 'round_robin',
    status: 'active',
    created_at: balancer.createdAt,
    forwarding_rules: balancer.forwardingRules.map((rule) => ({
      entry_protocol: rule.entryProtocol,
      entry_port: rule.entryPort,
      target_protocol: rule.targetProtocol,
      target_port: rule.targetPort,
      certificate_id: '',
      tls_passthrough: rule.tlsPassthrough,
    })),
    ...checks(balancer),
    region: regionJson(balancer.region),
    tag: balancer.tag,
    droplet_ids: targetsOf(state, balancer).map(({ id }) => id),
    redirect_http_to_https: balancer.redirectHttpToHttps,
    enable_proxy_protocol: balancer.enableProxyProtocol,
    enable_backend_keepalive: balancer.enableBackendKeepalive,
    disable_lets_encrypt_dns_records: balancer.disableLetsEncryptDnsRecords,
    http_idle_timeout_seconds: balancer.httpIdleTimeoutSeconds,
    firewall: { allow: balancer.allow, deny: balancer.deny },
    vpc_uuid: balancer.vpcId,
    project_id: state.projects.find(({ resources }) => resources.includes(itsUrn))?.id ?? '',
  };
}

function checks({ healthCheck, stickySessions }: LoadBalancer): Record<string, unknown> {
  const { type, cookieName, cookieTtlSeconds } = stickySessions;
  return {
    health_check: {
      protocol: healthCheck.protocol,
      port: healthCheck.port,
      path: healthCheck.path,
      check_interval_seconds: healthCheck.checkIntervalSeconds,
      response_timeout_seconds: healthCheck.responseTimeoutSeconds,
      healthy_threshold: healthCheck.healthyThreshold,
      unhealthy_threshold: healthCheck.unhealthyThreshold,
    },
    sticky_sessions:
      type === 'none' ? { type } : { type, cookie_name: cookieName, cookie_ttl_seconds: cookieTtlSeconds },
  };
}

import { z } from 'zod';
import {
  createFirewall,
  deleteFirewall,
  getFirewall,
  listFirewalls,
  updateFirewall,
  type FirewallRequest,
} from '#sandbox/cloud/account/firewalls';
import type { Firewall, FirewallRule } from '#sandbox/cloud/account/resources/firewall';
import { bodyOf } from '#sandbox/cloud/http/request-body';
import { route, type RestRequest } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, type DigitalOceanRoute } from './answers';

const peers = z.object({
  addresses: z.array(z.string()).nullish(),
  tags: z.array(z.string()).nullish(),
  droplet_ids: z.array(z.int()).nullish(),
  load_balancer_uids: z.array(z.string()).nullish(),
});
const rule = { protocol: z.string(), ports: z.string().nullish() };
const firewall = z.object({
  name: z.string(),
  tags: z.array(z.string()).nullish(),
  droplet_ids: z.array(z.int()).nullish(),
  inbound_rules: z.array(z.object({ ...rule, sources: peers })).nullish(),
  outbound_rules: z.array(z.object({ ...rule, destinations: peers })).nullish(),
});

export const firewallRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/firewalls', async (session, request) =>
    listAnswer(request, 'firewalls', (await listFirewalls(session)).map(body)),
  ),
  route('POST', '/v2/firewalls', async (session, request) =>
    oneAnswer('firewall', body(await createFirewall(session, wanted(request))), 202),
  ),
  route('GET', '/v2/firewalls/{id}', async (session, { params }) =>
    oneAnswer('firewall', body(await getFirewall(session, params['id']!))),
  ),
  route('PUT', '/v2/firewalls/{id}', async (session, request) =>
    oneAnswer('firewall', body(await updateFirewall(session, request.params['id']!, wanted(request)))),
  ),
  route('DELETE', '/v2/firewalls/{id}', async (session, { params }) => {
    await deleteFirewall(session, params['id']!);
    return GONE;
  }),
];

function wanted(request: RestRequest): FirewallRequest {
  const { name, tags, droplet_ids, inbound_rules, outbound_rules } = bodyOf(request, firewall);
  return {
    name,
    tags: tags ?? [],
    dropletIds: droplet_ids ?? [],
    inbound: (inbound_rules ?? []).map(({ sources, ...one }) => ruleOf(one, sources)),
    outbound: (outbound_rules ?? []).map(({ destinations, ...one }) => ruleOf(one, destinations)),
  };
}

function ruleOf(
  { protocol, ports }: { protocol: string; ports?: string | null | undefined },
  others: z.infer<typeof peers>,
): FirewallRule {
  // The API keeps `all`, and icmp's absent ports, as 0.
  const kept = ports === 'all' || (protocol === 'icmp' && !ports) ? '0' : (ports ?? '');
  return {
    protocol,
    ports: kept,
    peers: {
      addresses: others.addresses ?? [],
      tags: others.tags ?? [],
      dropletIds: others.droplet_ids ?? [],
      loadBalancerIds: others.load_balancer_uids ?? [],
    },
  };
}

function body({ id, name, createdAt, inbound, outbound, dropletIds, tags }: Firewall): unknown {
  return {
    id,
    name,
    status: 'succeeded',
    created_at: createdAt,
    pending_changes: [],
    inbound_rules: inbound.map((one) => ruleBody(one, 'sources')),
    outbound_rules: outbound.map((one) => ruleBody(one, 'destinations')),
    droplet_ids: dropletIds,
    tags,
  };
}

function ruleBody({ protocol, ports, peers: others }: FirewallRule, side: 'sources' | 'destinations'): unknown {
  const named = {
    addresses: others.addresses,
    tags: others.tags,
    droplet_ids: others.dropletIds,
    load_balancer_uids: others.loadBalancerIds,
  };
  // Only the kinds that somebody named are there.
  return { protocol, ports, [side]: Object.fromEntries(Object.entries(named).filter(([, list]) => list.length > 0)) };
}

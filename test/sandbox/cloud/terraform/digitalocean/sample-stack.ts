/** The kinds of things that the project's stacks ask of DigitalOcean, in one configuration. */
import {
  sampleAccount,
  TOKENS,
  VERIFIED_EMAIL,
  type SampleAccount,
} from '#test/sandbox/cloud/digitalocean/sample-account';
import { SSH_KEY } from '#test/sandbox/cloud/digitalocean/samples';
import type { Resources } from '../terraform-project';

export const DOMAIN = 'forge.example.org';
export const PROVIDER = { digitalocean: { token: TOKENS.deploy } };
const REGION = 'fra1';

const tcp = (port_range: string, more: object) => ({ protocol: 'tcp', port_range, ...more });

/** An account with what is there before the stack: its domain, and a key of a person. */
export async function accountForStack(): Promise<SampleAccount> {
  const sample = await sampleAccount();
  await sample.api.post('/v2/domains', { name: DOMAIN });
  await sample.api.post('/v2/account/keys', SSH_KEY);
  return sample;
}

export function sampleStack(): Record<string, Record<string, object>> {
  const stack: Resources = {
    digitalocean_tag: { nodes: { name: 'forge' } },
    digitalocean_vpc: { main: { name: 'forge', region: REGION, ip_range: '10.110.0.0/20' } },
    digitalocean_reserved_ip: { api: { region: REGION } },
    digitalocean_droplet: { server: server() },
    digitalocean_reserved_ip_assignment: {
      api: {
        ip_address: '${digitalocean_reserved_ip.api.ip_address}',
        droplet_id: '${digitalocean_droplet.server.id}',
        depends_on: ['digitalocean_project.main'],
      },
    },
    digitalocean_loadbalancer: { entrance: entrance() },
    digitalocean_firewall: { nodes: firewall() },
    digitalocean_record: {
      argocd: {
        domain: DOMAIN,
        type: 'A',
        name: 'argocd',
        value: '${digitalocean_loadbalancer.entrance.ip}',
        ttl: 300,
      },
    },
    digitalocean_spaces_key: {
      snapshots: {
        name: 'forge',
        grant: [{ bucket: 'forge-snapshots', permission: 'readwrite' }],
      },
    },
    digitalocean_project: { main: project() },
    ...alerts(),
  };
  return structuredClone(stack);
}

/** The same with changes that are made in place. */
export function changedStack(): ReturnType<typeof sampleStack> {
  const stack = sampleStack();
  Object.assign(stack['digitalocean_vpc']!['main']!, { description: 'the forge' });
  Object.assign(stack['digitalocean_droplet']!['server']!, { size: 's-4vcpu-8gb' });
  Object.assign(stack['digitalocean_loadbalancer']!['entrance']!, { size_unit: 2 });
  return stack;
}

/** The same with a droplet that replaces the first, which goes when the new one is there. */
export function replacedStack(): ReturnType<typeof sampleStack> {
  const stack = sampleStack();
  const lifecycle = { create_before_destroy: true };
  Object.assign(stack['digitalocean_droplet']!['server']!, { name: 'server-2', image: 'debian-13-x64', lifecycle });
  return stack;
}

/** The data sources in use, and one output of each. */
export const SAMPLE_DATA = {
  data: { digitalocean_domain: { zone: { name: DOMAIN } }, digitalocean_ssh_keys: { all: {} } },
  output: {
    zone: { value: '${data.digitalocean_domain.zone.urn}' },
    keys: { value: '${data.digitalocean_ssh_keys.all.ssh_keys[*].name}' },
  },
};

function server(): object {
  return {
    name: 'server-1',
    region: REGION,
    size: 's-2vcpu-4gb',
    image: 'ubuntu-24-04-x64',
    vpc_uuid: '${digitalocean_vpc.main.id}',
    tags: ['${digitalocean_tag.nodes.name}'],
    user_data: '#cloud-config\n',
    monitoring: true,
    droplet_agent: false,
    graceful_shutdown: true,
    resize_disk: false,
    lifecycle: { ignore_changes: ['user_data'] },
  };
}

function entrance(): object {
  return {
    name: 'entrance',
    region: REGION,
    vpc_uuid: '${digitalocean_vpc.main.id}',
    droplet_tag: '${digitalocean_tag.nodes.name}',
    enable_proxy_protocol: true,
    forwarding_rule: [
      { entry_port: 80, entry_protocol: 'tcp', target_port: 30080, target_protocol: 'tcp' },
      { entry_port: 443, entry_protocol: 'tcp', target_port: 30443, target_protocol: 'tcp' },
    ],
    healthcheck: { port: 30080, protocol: 'tcp' },
  };
}

function firewall(): object {
  return {
    name: 'nodes',
    tags: ['${digitalocean_tag.nodes.name}'],
    inbound_rule: [
      tcp('6443', {
        source_tags: ['${digitalocean_tag.nodes.name}'],
        source_load_balancer_uids: ['${digitalocean_loadbalancer.entrance.id}'],
      }),
      tcp('1-21', { source_addresses: ['10.110.0.0/20'] }),
      { protocol: 'icmp', source_addresses: ['10.110.0.0/20'] },
    ],
    outbound_rule: [{ protocol: 'udp', port_range: 'all', destination_addresses: ['0.0.0.0/0', '::/0'] }],
  };
}

function project(): object {
  return {
    name: 'forge',
    purpose: 'Operational / Developer tooling',
    resources: [
      '${digitalocean_droplet.server.urn}',
      '${digitalocean_loadbalancer.entrance.urn}',
      'do:floatingip:${digitalocean_reserved_ip.api.ip_address}',
    ],
  };
}

function alerts(): Resources {
  const notifications = { email: [VERIFIED_EMAIL] };
  return {
    digitalocean_uptime_check: {
      gitea: { name: 'gitea', target: `https://gitea.${DOMAIN}/api/healthz`, regions: ['eu_west', 'us_east'] },
    },
    digitalocean_uptime_alert: {
      down: uptimeAlert({ type: 'down_global', period: '5m', notifications }),
      certificate: uptimeAlert({
        type: 'ssl_expiry',
        threshold: 14,
        comparison: 'less_than',
        period: '1h',
        notifications: { slack: [{ channel: '#forge', url: 'https://hooks.slack.com/services/one' }] },
      }),
    },
    digitalocean_monitor_alert: {
      disk: {
        type: 'v1/insights/droplet/disk_utilization_percent',
        compare: 'GreaterThan',
        value: 80,
        window: '5m',
        description: 'forge-disk: disk',
        tags: ['${digitalocean_tag.nodes.name}'],
        alerts: notifications,
      },
      entrance: {
        type: 'v1/insights/lbaas/connection_utilization_percent',
        compare: 'GreaterThan',
        value: 80.5,
        description: 'forge-entrance: connections',
        window: '10m',
        alerts: notifications,
        entities: ['${digitalocean_loadbalancer.entrance.id}'],
      },
    },
  };
}

function uptimeAlert(settings: object): object {
  return { name: 'gitea', check_id: '${digitalocean_uptime_check.gitea.id}', ...settings };
}

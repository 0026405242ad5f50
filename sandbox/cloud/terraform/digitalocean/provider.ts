/** The stand-in for the provider digitalocean: what the project uses of it, as a client of the API. */
import type { ProviderDefinition } from '../engine/resource';
import type { RestClient } from '../rest-client';
import { providerSchema } from '../schema/schema';
import { clientOf } from './client';
import { domainData, record } from './domain';
import { droplet } from './droplet';
import { firewall } from './firewall';
import { loadBalancer } from './load-balancer';
import { monitorAlert } from './monitor-alert';
import { project } from './project';
import { reservedIp, reservedIpAssignment } from './reserved-ip';
import { spacesKey } from './spaces-key';
import { sshKeysData } from './ssh-keys';
import { tag } from './tag';
import { uptimeAlert, uptimeCheck } from './uptime';
import { vpc } from './vpc';

const resources = {
  digitalocean_droplet: droplet,
  digitalocean_firewall: firewall,
  digitalocean_loadbalancer: loadBalancer,
  digitalocean_monitor_alert: monitorAlert,
  digitalocean_project: project,
  digitalocean_record: record,
  digitalocean_reserved_ip: reservedIp,
  digitalocean_reserved_ip_assignment: reservedIpAssignment,
  digitalocean_spaces_key: spacesKey,
  digitalocean_tag: tag,
  digitalocean_uptime_alert: uptimeAlert,
  digitalocean_uptime_check: uptimeCheck,
  digitalocean_vpc: vpc,
};

const dataSources = {
  digitalocean_domain: domainData,
  digitalocean_ssh_keys: sshKeysData,
};

/** @param apiUrl of DigitalOcean's API, without a path at its end */
export function digitalOceanProvider(apiUrl: string): ProviderDefinition<RestClient> {
  return {
    sdk: true,
    schema: providerSchema('digitalocean'),
    configure: (config) => clientOf(apiUrl, config),
    resources,
    dataSources,
  };
}

/** The emulated provider digitalocean: what the project uses of the real one, on the emulated account. */
import type { Account } from '#sandbox/cloud/account/session';
import type { ProviderDefinition } from '../engine/resource';
import { deriveProviderSchema } from '../schema/derived';
import { clientOf, type DigitalOceanClient } from './client';
import { domain, domainData, record } from './domain';
import { droplet } from './droplet';
import { firewall } from './firewall';
import { loadBalancer } from './load-balancer';
import { project, projectResources } from './project';
import { reservedIp, reservedIpAssignment } from './reserved-ip';
import { spacesKey } from './spaces-key';
import { sshKeysData } from './ssh-keys';
import { tag } from './tag';
import { volume } from './volume';
import { vpc } from './vpc';

const resources = {
  digitalocean_domain: domain,
  digitalocean_droplet: droplet,
  digitalocean_firewall: firewall,
  digitalocean_loadbalancer: loadBalancer,
  digitalocean_project: project,
  digitalocean_project_resources: projectResources,
  digitalocean_record: record,
  digitalocean_reserved_ip: reservedIp,
  digitalocean_reserved_ip_assignment: reservedIpAssignment,
  digitalocean_spaces_key: spacesKey,
  digitalocean_tag: tag,
  digitalocean_volume: volume,
  digitalocean_vpc: vpc,
};

const dataSources = {
  digitalocean_domain: domainData,
  digitalocean_ssh_keys: sshKeysData,
};

/** The provider on one account. */
export function digitalOceanProvider(account: Account): ProviderDefinition<DigitalOceanClient> {
  const types = { resources: Object.keys(resources), dataSources: Object.keys(dataSources) };
  return {
    schema: deriveProviderSchema('digitalocean', types),
    configure: (config) => clientOf(account, config),
    resources,
    dataSources,
  };
}

/** Things in an account by what they are recognised by, of this environment or of a neighbour. */
import type { Client } from '#test/sandbox/cloud/digitalocean/client';
import { VERIFIED_EMAIL } from '#test/sandbox/cloud/digitalocean/sample-account';
import { assign, balancer, droplet, firewall, PROJECT, VOLUME } from '#test/sandbox/cloud/digitalocean/samples';

export const OURS = 'forge-production';
/** Its name begins with ours. */
export const NEIGHBOUR = 'forge-production2';
/** It begins with the whole name of a tag of ours. */
export const LONGER = 'forge-production-server-old';

const region = 'fra1';

/** Makes one of each kind of an environment; resolves with its name in the account. */
export const THINGS: Readonly<Record<string, (owner: Client, environment: string) => Promise<string>>> = {
  firewall: (owner, environment) => named(owner, 'firewalls', firewall({ name: `${environment}-nodes` })),
  'load balancer': (owner, environment) =>
    named(owner, 'load_balancers', balancer({ name: `${environment}-entrance` })),
  'reserved IP': async (owner, environment) => {
    const { id } = await droplet(owner, { name: `${environment}-one`, tags: [environment] });
    const { ip } = await owner.post('/v2/reserved_ips', { region });
    await assign(owner, ip, id);
    return ip;
  },
  droplet: async (owner, environment) =>
    (await droplet(owner, { name: 'left-behind', tags: ['other', environment] })).name,
  volume: (owner, environment) => volume(owner, `pvc-${environment}`, environment),
  VPC: (owner, environment) => named(owner, 'vpcs', { name: environment, region }),
  'Spaces key': (owner, environment) => {
    const grants = [{ bucket: '', permission: 'fullaccess' }];
    return named(owner, 'spaces/keys', { name: `${environment}-etcd-snapshots`, grants });
  },
  'uptime check': (owner, environment) => {
    const check = { type: 'https', target: 'https://gitea.example.org/', regions: ['eu_west'], enabled: true };
    return named(owner, 'uptime/checks', { ...check, name: `${environment}-gitea` });
  },
  'alert policy': async (owner, environment) => {
    const limit = { type: 'v1/insights/droplet/cpu', compare: 'GreaterThan', value: 95, window: '1h', enabled: true };
    const alerts = { email: [VERIFIED_EMAIL] };
    const policy = { ...limit, alerts, description: `${environment}-cpu: cpu of a machine over 95 %` };
    return (await owner.post('/v2/monitoring/alerts', policy)).description;
  },
  project: (owner, environment) => named(owner, 'projects', { ...PROJECT, name: environment }),
  tag: (owner, environment) => named(owner, 'tags', { name: environment }),
};

/** A volume as the cluster makes them. */
export function volume(owner: Client, name: string, tag = OURS): Promise<string> {
  return named(owner, 'volumes', { ...VOLUME, name, tags: [tag] });
}

async function named(owner: Client, list: string, body: object): Promise<string> {
  return (await owner.post(`/v2/${list}`, body)).name;
}

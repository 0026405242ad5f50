/** Things in an account by what they are recognised by, of this environment or of a neighbour. */
import { createFirewall } from '#sandbox/cloud/account/firewalls';
import { createLoadBalancer } from '#sandbox/cloud/account/load-balancers';
import { createProject } from '#sandbox/cloud/account/projects';
import { assignReservedIp, createReservedIp } from '#sandbox/cloud/account/reserved-ips';
import type { Session } from '#sandbox/cloud/account/session';
import { createSpacesKey } from '#sandbox/cloud/account/spaces-keys';
import { createTag } from '#sandbox/cloud/account/tags';
import { createVolume } from '#sandbox/cloud/account/volumes';
import { createVpc } from '#sandbox/cloud/account/vpcs';
import { balancer, BALANCER_PLACE, droplet, firewall } from '#test/sandbox/cloud/account/sample-account';

export const OURS = 'forge-production';
/** Its name begins with ours. */
export const NEIGHBOUR = 'forge-production2';
/** It begins with the whole name of a tag of ours. */
export const LONGER = 'forge-production-server-old';

const region = 'fra1';

/** Makes one of each kind of an environment; resolves with its name in the account. */
export const THINGS: Readonly<Record<string, (owner: Session, environment: string) => Promise<string>>> = {
  firewall: async (owner, environment) => {
    const { name } = await createFirewall(owner, firewall({ name: `${environment}-nodes` }));
    return name;
  },
  'load balancer': async (owner, environment) => {
    const { name } = await createLoadBalancer(owner, BALANCER_PLACE, balancer({ name: `${environment}-entrance` }));
    return name;
  },
  'reserved IP': async (owner, environment) => {
    const { id } = await droplet(owner, { name: `${environment}-one`, tags: [environment] });
    const { ip } = await createReservedIp(owner, region);
    await assignReservedIp(owner, ip, id);
    return ip;
  },
  droplet: async (owner, environment) =>
    (await droplet(owner, { name: 'left-behind', tags: ['other', environment] })).name,
  volume: (owner, environment) => volume(owner, `pvc-${environment}`, environment),
  VPC: async (owner, environment) => (await createVpc(owner, { name: environment, region })).name,
  'Spaces key': async (owner, environment) => {
    const { name } = await createSpacesKey(owner, `${environment}-etcd-snapshots`, [
      { bucket: '', permission: 'fullaccess' },
    ]);
    return name;
  },
  project: async (owner, environment) => {
    const wanted = { name: environment, description: '', purpose: 'Forge', environment: '' };
    return (await createProject(owner, wanted)).name;
  },
  tag: async (owner, environment) => (await createTag(owner, environment)).name,
};

/** A volume as the cluster makes them. */
export async function volume(owner: Session, name: string, tag = OURS): Promise<string> {
  const wanted = {
    name,
    region,
    description: '',
    sizeGiB: 1,
    filesystemType: 'ext4',
    filesystemLabel: '',
    tags: [tag],
  };
  return (await createVolume(owner, wanted)).name;
}

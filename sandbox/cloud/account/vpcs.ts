import { randomUUID } from 'node:crypto';
import { formatCidr, overlaps, parseCidr } from '#config/cidr';
import { regionOf } from '#config/digitalocean';
import { isPrivate } from './address-ranges';
import { conflict, notFound, unprocessable } from './errors';
import type { Vpc } from './resources/vpc';
import { request, timestamp, type Account, type Session } from './session';
import type { AccountState } from './state';
import { urn } from './urns';

export interface VpcRequest {
  readonly name: string;
  readonly region: string;
  readonly description?: string;
  /** CIDR between /16 and /28; a free /20 when absent. */
  readonly ipRange?: string;
}

export interface VpcMember {
  readonly urn: string;
  readonly name: string;
  readonly createdAt: string;
}

/** DigitalOcean keeps these for its managed Kubernetes and for itself (docs, "Plan your VPC network"). */
const RESERVED = ['10.244.0.0/16', '10.245.0.0/16', '10.246.0.0/24', '10.229.0.0/16'].map((text) => parseCidr(text)!);
const NAME = /^[A-Za-z0-9.-]{1,255}$/;
const MAX_DESCRIPTION = 255;

export function createVpc(session: Session, wanted: VpcRequest): Promise<Vpc> {
  const { account } = session;
  return request(session, 'vpc:create', 'POST', '/v2/vpcs', () => addVpc(account, wanted, false));
}

export function listVpcs(session: Session): Promise<Vpc[]> {
  return request(session, 'vpc:read', 'GET', '/v2/vpcs', () => [...session.account.state.vpcs]);
}

/** What is in a VPC, and so keeps it from being deleted. */
export function listVpcMembers(session: Session, id: string): Promise<VpcMember[]> {
  const { state } = session.account;
  return request(session, 'vpc:read', 'GET', `/v2/vpcs/${id}/members`, () => membersOf(state, findVpc(state, id)));
}

export function getVpc(session: Session, id: string): Promise<Vpc> {
  return request(session, 'vpc:read', 'GET', `/v2/vpcs/${id}`, () => findVpc(session.account.state, id));
}

export function updateVpc(session: Session, id: string, change: { name: string; description: string }): Promise<Vpc> {
  const { state } = session.account;
  return request(session, 'vpc:update', 'PUT', `/v2/vpcs/${id}`, () => {
    const vpc = findVpc(state, id);
    checkName(state, change.name, id);
    checkDescription(change.description);
    return Object.assign(vpc, change);
  });
}

/** A VPC with droplets or load balancers in it stays: 409, as measured; the API's documentation says 403. */
export function deleteVpc(session: Session, id: string): Promise<void> {
  const { state } = session.account;
  return request(session, 'vpc:delete', 'DELETE', `/v2/vpcs/${id}`, () => {
    const vpc = findVpc(state, id);
    if (vpc.default) throw conflict('Can not delete default VPCs');
    if (membersOf(state, vpc).length > 0) throw conflict('Can not delete VPC with members');
    state.vpcs = state.vpcs.filter((candidate) => candidate !== vpc);
  });
}

/** The VPC for a droplet or load balancer: the named one, which must be in the region, or the region's default. */
export function placeInVpc(account: Account, region: string, id: string | undefined): Vpc {
  const { state } = account;
  if (id !== undefined) {
    const vpc = findVpc(state, id);
    if (vpc.region !== region) throw unprocessable(`VPC ${vpc.name} is in ${vpc.region}, not in ${region}.`);
    return vpc;
  }
  const existing = state.vpcs.find((vpc) => vpc.default && vpc.region === region);
  return existing ?? addVpc(account, { name: `default-${region}`, region }, true);
}

function addVpc({ state }: Account, wanted: VpcRequest, isDefault: boolean): Vpc {
  const { name, region, description = '', ipRange } = wanted;
  checkName(state, name, undefined);
  checkDescription(description);
  if (regionOf(region) === undefined) throw unprocessable('region is invalid');
  const vpc: Vpc = {
    id: randomUUID(),
    name,
    description,
    region,
    ipRange: ipRange ?? freeRange(state),
    default: isDefault,
    createdAt: timestamp(),
  };
  checkRange(state, vpc.ipRange);
  state.vpcs.push(vpc);
  return vpc;
}

function membersOf({ droplets, loadBalancers }: AccountState, { id }: Vpc): VpcMember[] {
  const member = (itsUrn: string, { name, createdAt }: Omit<VpcMember, 'urn'>) => ({ urn: itsUrn, name, createdAt });
  return [
    ...droplets.filter(({ vpcId }) => vpcId === id).map((droplet) => member(urn.droplet(droplet.id), droplet)),
    ...loadBalancers.filter(({ vpcId }) => vpcId === id).map((one) => member(urn.loadBalancer(one.id), one)),
  ];
}

function findVpc(state: AccountState, id: string): Vpc {
  const vpc = state.vpcs.find((candidate) => candidate.id === id);
  if (vpc === undefined) throw notFound();
  return vpc;
}

function checkName(state: AccountState, name: string, own: string | undefined): void {
  if (!NAME.test(name)) throw unprocessable('Name can only contain letters, numbers, dashes and periods');
  if (state.vpcs.some((vpc) => vpc.name === name && vpc.id !== own)) {
    throw unprocessable('a VPC with the same name already exists in your account');
  }
}

function checkDescription(description: string): void {
  if (description.length > MAX_DESCRIPTION) throw unprocessable('Description is too long (maximum is 255 characters)');
}

function checkRange(state: AccountState, text: string): void {
  const range = parseCidr(text);
  if (range?.version !== 4 || formatCidr(range) !== text) throw unprocessable(`${text} is not a valid IP range`);
  if (range.prefix < 16 || range.prefix > 28) throw unprocessable('IP range must be between /16 and /28');
  if (!isPrivate(range)) throw unprocessable('IP range must be within private address space (RFC 1918)');
  if (RESERVED.some((block) => overlaps(block, range))) throw unprocessable('This range/size is reserved');
  const other = state.vpcs.find((vpc) => overlaps(parseCidr(vpc.ipRange)!, range));
  if (other !== undefined) {
    throw unprocessable(
      `This range/size overlaps with another VPC network in your account: ${other.name} ${other.ipRange}.`,
    );
  }
}

/** A /20 from 10.100.0.0 on that is nobody's. */
function freeRange(state: AccountState): string {
  const taken = [...RESERVED, ...state.vpcs.map((vpc) => parseCidr(vpc.ipRange)!)];
  for (let second = 100; second < 256; second += 1) {
    for (let third = 0; third < 256; third += 16) {
      const candidate = parseCidr(`10.${second}.${third}.0/20`)!;
      if (!taken.some((range) => overlaps(range, candidate))) return formatCidr(candidate);
    }
  }
  throw unprocessable('No IP range is left');
}

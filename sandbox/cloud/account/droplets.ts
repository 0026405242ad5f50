import { isOfferedIn, regionOf, sizeOf, type DropletSize } from '#config/digitalocean';
import { allocatePrivateAddress, allocatePublicAddress } from './addresses';
import { notFound, unprocessable } from './errors';
import { refreshForwarders } from './forwarders';
import { bootMachine, destroyMachine, dropletActive, resizeMachine, shutDownMachine } from './machines';
import { forgetUrn, holdInDefaultProject } from './projects';
import type { Droplet } from './resources/droplet';
import { request, timestamp, type Account, type Session } from './session';
import { requireKeys } from './ssh-keys';
import type { AccountState } from './state';
import { ensureTags, scopesToTag } from './tags';
import { urn } from './urns';
import { placeInVpc } from './vpcs';

export interface DropletRequest {
  readonly name: string;
  readonly region: string;
  readonly size: string;
  readonly image: string;
  readonly vpcId?: string;
  readonly tags?: readonly string[];
  /** At most 64 KiB. */
  readonly userData?: string;
  /** Ids or fingerprints. */
  readonly sshKeys?: readonly string[];
  readonly monitoring?: boolean;
}

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?$/;
/** Distributions offered at the end of 2026; the API lists them at GET /v2/images?type=distribution. */
const IMAGES: ReadonlySet<string> = new Set([
  'almalinux-9-x64',
  'centos-stream-9-x64',
  'debian-12-x64',
  'debian-13-x64',
  'fedora-42-x64',
  'rockylinux-9-x64',
  'ubuntu-22-04-x64',
  'ubuntu-24-04-x64',
]);
const MAX_USER_DATA = 64 * 1024;

/** Makes a droplet with the status `new` and starts its machine; see `untilActive`. */
export async function createDroplet(session: Session, wanted: DropletRequest): Promise<Droplet> {
  const { account } = session;
  const scopes = ['droplet:create', ...scopesToTag(wanted.tags ?? [])] as const;
  const droplet = await request(session, scopes, 'POST', '/v2/droplets', () => {
    const added = addDroplet(account, wanted);
    // Saved before the machine starts, so that a crash leaves no machine that nobody knows.
    account.save();
    bootMachine(account, added);
    return added;
  });
  await refreshForwarders(account);
  return droplet;
}

/** Waits until the machine runs. An error if it cannot, with the runtime's reason; the droplet stays. */
export async function untilActive(session: Session, id: number): Promise<Droplet> {
  await dropletActive(session.account, id);
  return getDroplet(session, id);
}

/** @param tag only droplets that carry it */
export function listDroplets(session: Session, tag?: string): Promise<Droplet[]> {
  const { state } = session.account;
  return request(session, 'droplet:read', 'GET', '/v2/droplets', () =>
    state.droplets.filter(({ tags }) => tag === undefined || tags.includes(tag)),
  );
}

export function getDroplet(session: Session, id: number): Promise<Droplet> {
  return request(session, 'droplet:read', 'GET', `/v2/droplets/${id}`, () => findDroplet(session.account.state, id));
}

export function renameDroplet(session: Session, id: number, name: string): Promise<Droplet> {
  return request(session, 'droplet:update', 'POST', `/v2/droplets/${id}/actions`, () => {
    checkName(name);
    return Object.assign(findDroplet(session.account.state, id), { name });
  });
}

/** Powers off, changes the size and powers on. Only a grown disk is for ever: without it a size can be taken back. */
export function resizeDroplet(session: Session, id: number, slug: string, withDisk: boolean): Promise<Droplet> {
  const { account } = session;
  return request(session, 'droplet:update', 'POST', `/v2/droplets/${id}/actions`, async () => {
    const droplet = findDroplet(account.state, id);
    const size = findSize(slug, droplet.region);
    if (size.diskGiB < droplet.diskGiB) {
      throw unprocessable('This size is not available because it has a smaller disk.');
    }
    const diskGiB = withDisk ? size.diskGiB : droplet.diskGiB;
    droplet.status = 'off';
    await resizeMachine(account, droplet, { ...size, diskGiB }).finally(() => (droplet.status = 'active'));
    return Object.assign(droplet, { size: slug, diskGiB });
  });
}

/**
 * Asks the machine to shut down; nothing happens if it is off.
 *
 * @returns emulated seconds until it is off
 */
export function shutDownDroplet(session: Session, id: number): Promise<number> {
  const { account } = session;
  return request(session, 'droplet:update', 'POST', `/v2/droplets/${id}/actions`, async () => {
    const droplet = findDroplet(account.state, id);
    if (droplet.status === 'off') return 0;
    await shutDownMachine(account, droplet);
    droplet.status = 'off';
    return account.shutdownSeconds;
  });
}

/** Puts exactly these tags on a droplet; new ones come into being. */
export async function tagDroplet(session: Session, id: number, tags: readonly string[]): Promise<Droplet> {
  const { state } = session.account;
  const droplet = await request(session, ['tag:create', 'droplet:update'], 'POST', '/v2/tags', () => {
    const found = findDroplet(state, id);
    ensureTags(state, tags);
    return Object.assign(found, { tags: [...tags] });
  });
  await refreshForwarders(session.account);
  return droplet;
}

/** Ends the machine, then lets go of all that hung on it: reserved IP, volumes, firewalls, balancers, project. */
export async function deleteDroplet(session: Session, id: number): Promise<void> {
  const { account } = session;
  const { state } = account;
  await request(session, 'droplet:delete', 'DELETE', `/v2/droplets/${id}`, async () => {
    const droplet = findDroplet(state, id);
    await destroyMachine(account, droplet);
    state.droplets = state.droplets.filter((candidate) => candidate !== droplet);
    for (const ip of state.reservedIps) if (ip.dropletId === id) ip.dropletId = undefined;
    for (const volume of state.volumes) if (volume.dropletId === id) volume.dropletId = undefined;
    for (const holder of [...state.firewalls, ...state.loadBalancers]) {
      holder.dropletIds = holder.dropletIds.filter((held) => held !== id);
    }
    forgetUrn(state, urn.droplet(id));
  });
  await refreshForwarders(account);
}

export function findDroplet(state: AccountState, id: number): Droplet {
  const droplet = state.droplets.find((candidate) => candidate.id === id);
  if (droplet === undefined) throw notFound();
  return droplet;
}

function findSize(slug: string, region: string): DropletSize {
  const size = sizeOf(slug);
  if (size === undefined) throw unprocessable('You specified an invalid size for Droplet creation.');
  if (!isOfferedIn(slug, region)) throw unprocessable('Size is not available in this region.');
  return size;
}

function addDroplet(account: Account, wanted: DropletRequest): Droplet {
  const { state, quotas } = account;
  const { name, region, image, tags = [], userData = '', sshKeys = [] } = wanted;
  checkName(name);
  if (regionOf(region) === undefined) throw unprocessable('You specified an invalid region for Droplet creation.');
  if (!IMAGES.has(image)) throw unprocessable('You specified an invalid image for Droplet creation.');
  if (Buffer.byteLength(userData) > MAX_USER_DATA) throw unprocessable('user data is too long (maximum is 64 KiB)');
  const size = findSize(wanted.size, region);
  requireKeys(state, sshKeys);
  if (state.droplets.length >= quotas.droplets) {
    throw unprocessable('creating this/these droplet(s) will exceed your droplet limit');
  }
  const vpc = placeInVpc(account, region, wanted.vpcId);
  ensureTags(state, tags);
  const droplet: Droplet = {
    id: (state.sequence.droplet += 1),
    name,
    region,
    size: size.slug,
    diskGiB: size.diskGiB,
    image,
    vpcId: vpc.id,
    publicAddress: allocatePublicAddress(state, account.publicOctet),
    privateAddress: allocatePrivateAddress(state, vpc),
    tags: [...tags],
    userData,
    monitoring: wanted.monitoring ?? false,
    status: 'new',
    createdAt: timestamp(),
  };
  state.droplets.push(droplet);
  holdInDefaultProject(state, urn.droplet(droplet.id));
  return droplet;
}

function checkName(name: string): void {
  if (!HOST_NAME.test(name)) {
    throw unprocessable('Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)');
  }
}

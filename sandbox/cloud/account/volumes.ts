import { randomUUID } from 'node:crypto';
import { regionOf } from '#config/digitalocean';
import { findDroplet } from './droplets';
import { conflict, notFound, unprocessable } from './errors';
import { forgetUrn, holdInDefaultProject } from './projects';
import type { Volume } from './resources/volume';
import { request, timestamp, type Session } from './session';
import type { AccountState } from './state';
import { ensureTags, scopesToTag } from './tags';
import { urn } from './urns';

export type VolumeRequest = Pick<
  Volume,
  'name' | 'region' | 'description' | 'sizeGiB' | 'filesystemType' | 'filesystemLabel'
> & { readonly tags: readonly string[] };

const NAME = /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/;
const FILESYSTEMS = ['', 'ext4', 'xfs'];
const MAX_GIB = 16 * 1024;

export function createVolume(session: Session, wanted: VolumeRequest): Promise<Volume> {
  const { state, quotas } = session.account;
  return request(session, ['block_storage:create', ...scopesToTag(wanted.tags)], 'POST', '/v2/volumes', () => {
    check(state, wanted);
    if (state.volumes.length >= quotas.volumes) throw unprocessable('volume limit exceeded');
    ensureTags(state, wanted.tags);
    const volume: Volume = {
      id: randomUUID(),
      ...wanted,
      tags: [...wanted.tags],
      dropletId: undefined,
      createdAt: timestamp(),
    };
    state.volumes.push(volume);
    holdInDefaultProject(state, urn.volume(volume.id));
    return volume;
  });
}

/** Those of a name and of a region, where these are given. */
export function listVolumes(session: Session, name?: string, region?: string): Promise<Volume[]> {
  const { state } = session.account;
  return request(session, 'block_storage:read', 'GET', '/v2/volumes', () =>
    state.volumes
      .filter((volume) => name === undefined || volume.name === name)
      .filter((volume) => region === undefined || volume.region === region),
  );
}

export function getVolume(session: Session, id: string): Promise<Volume> {
  const { state } = session.account;
  return request(session, 'block_storage:read', 'GET', `/v2/volumes/${id}`, () => find(state, id));
}

/** Grows a volume; it can never shrink. */
export function resizeVolume(session: Session, id: string, sizeGiB: number): Promise<Volume> {
  const { state } = session.account;
  return request(session, 'block_storage_action:create', 'POST', `/v2/volumes/${id}/actions`, () => {
    const volume = find(state, id);
    if (sizeGiB < volume.sizeGiB) throw unprocessable('volumes can only be made larger');
    if (sizeGiB > MAX_GIB) throw unprocessable('size_gigabytes must be at most 16384');
    return Object.assign(volume, { sizeGiB });
  });
}

/** Attaches a volume to a droplet of its region, or detaches it. */
export function attachVolume(session: Session, id: string, dropletId: number | undefined): Promise<Volume> {
  const { state } = session.account;
  return request(session, 'block_storage_action:create', 'POST', `/v2/volumes/${id}/actions`, () => {
    const volume = find(state, id);
    if (dropletId !== undefined) {
      const droplet = findDroplet(state, dropletId);
      if (volume.dropletId !== undefined && volume.dropletId !== dropletId) {
        throw unprocessable('volume is already attached to another droplet');
      }
      if (droplet.region !== volume.region) throw unprocessable('volume and droplet must be in the same region');
    }
    return Object.assign(volume, { dropletId });
  });
}

/** Puts exactly these tags on a volume. */
export function tagVolume(session: Session, id: string, tags: readonly string[]): Promise<Volume> {
  const { state } = session.account;
  return request(session, 'tag:create', 'POST', '/v2/tags', () => {
    const volume = find(state, id);
    ensureTags(state, tags);
    return Object.assign(volume, { tags: [...tags] });
  });
}

export function deleteVolume(session: Session, id: string): Promise<void> {
  const { state } = session.account;
  return request(session, 'block_storage:delete', 'DELETE', `/v2/volumes/${id}`, () => {
    const volume = find(state, id);
    if (volume.dropletId !== undefined) throw conflict('failed to delete volume: a volume is attached to a droplet');
    state.volumes = state.volumes.filter((candidate) => candidate !== volume);
    forgetUrn(state, urn.volume(id));
  });
}

function find(state: AccountState, id: string): Volume {
  const volume = state.volumes.find((candidate) => candidate.id === id);
  if (volume === undefined) throw notFound();
  return volume;
}

function check(state: AccountState, { name, region, sizeGiB, filesystemType }: VolumeRequest): void {
  if (!NAME.test(name))
    throw unprocessable('name must be lowercase and alphanumeric, starting with a letter, at most 64');
  if (regionOf(region) === undefined) throw unprocessable('region is invalid');
  if (!Number.isInteger(sizeGiB) || sizeGiB < 1 || sizeGiB > MAX_GIB) {
    throw unprocessable('size_gigabytes must be between 1 and 16384');
  }
  if (!FILESYSTEMS.includes(filesystemType)) throw unprocessable('filesystem_type must be ext4 or xfs');
  if (state.volumes.some((volume) => volume.name === name && volume.region === region)) {
    throw conflict('a volume with that name already exists in this region');
  }
}

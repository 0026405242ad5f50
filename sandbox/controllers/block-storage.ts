/** Where the volumes of the claims are: in the emulated account. */
import { createVolume, deleteVolume, resizeVolume } from '../cloud/account/volumes';
import type { Session } from '../cloud/account/session';

export interface BlockStorage {
  /** Returns the id of the volume with this name, which is made if there is none yet. */
  create(name: string, sizeGiB: number): Promise<string>;
  /** Grows a volume. Nothing happens when it is as large already. */
  resize(id: string, sizeGiB: number): Promise<void>;
  /** Nothing happens when there is none. */
  delete(id: string): Promise<void>;
}

export interface BlockStorageOptions {
  /** With the token that the volume driver has. */
  readonly session: Session;
  readonly region: string;
  /** On every volume, as the driver is told to put there. */
  readonly tag: string;
}

/** Volumes as DigitalOcean's driver makes them. They outlive the cluster, unless their claims are deleted before it. */
export function accountStorage({ session, region, tag }: BlockStorageOptions): BlockStorage {
  const { state } = session.account;
  return {
    async create(name, sizeGiB) {
      const existing = state.volumes.find((volume) => volume.name === name && volume.region === region);
      if (existing !== undefined) return existing.id;
      const description = 'Created by DigitalOcean CSI driver';
      const volume = { name, region, description, sizeGiB, filesystemType: '', filesystemLabel: '', tags: [tag] };
      return (await createVolume(session, volume)).id;
    },
    async resize(id, sizeGiB) {
      const existing = state.volumes.find((volume) => volume.id === id);
      if (existing === undefined || existing.sizeGiB < sizeGiB) await resizeVolume(session, id, sizeGiB);
    },
    async delete(id) {
      if (state.volumes.some((volume) => volume.id === id)) await deleteVolume(session, id);
    },
  };
}

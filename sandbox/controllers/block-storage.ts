/** Where the volumes of the claims are: in the emulated account, over its API. */
import type { DigitalOceanClient } from '#clients/digitalocean/client';

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
  readonly client: DigitalOceanClient;
  readonly region: string;
  /** On every volume, as the driver is told to put there. */
  readonly tag: string;
}

interface Volume {
  readonly id: string;
  readonly size_gigabytes: number;
}

/** Volumes as DigitalOcean's driver makes them. They outlive the cluster, unless their claims are deleted before it. */
export function accountStorage({ client, region, tag }: BlockStorageOptions): BlockStorage {
  return {
    async create(name, size_gigabytes) {
      const [existing] = await client.list<Volume>(`/v2/volumes?name=${name}&region=${region}`, 'volumes');
      if (existing !== undefined) return existing.id;
      const wanted = { name, region, description: 'Created by DigitalOcean CSI driver', size_gigabytes, tags: [tag] };
      return (await client.post<{ volume: Volume }>('/v2/volumes', wanted)).volume.id;
    },
    async resize(id, size_gigabytes) {
      const { volume } = await client.get<{ volume: Volume }>(`/v2/volumes/${id}`);
      if (volume.size_gigabytes >= size_gigabytes) return;
      await client.post(`/v2/volumes/${id}/actions`, { type: 'resize', size_gigabytes, region });
    },
    async delete(id) {
      await client.delete(`/v2/volumes/${id}`);
    },
  };
}

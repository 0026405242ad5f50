import { createTag, deleteTag, getTag, type Tag } from '#sandbox/cloud/account/tags';
import type { ResourceType, ValueObject } from '../engine/resource';
import { text } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';

export const tag: ResourceType<DigitalOceanClient> = {
  forceNew: ['name'],
  create: ({ client, planned }) =>
    calling('Error creating tag', async () => attributes(await createTag(client.session, text(planned, 'name')))),
  read: ({ client, state }) =>
    reading('Error retrieving tag', async () => attributes(await getTag(client.session, text(state, 'id')))),
  delete: ({ client, state }) => deleting('Error deleting tag', () => deleteTag(client.session, text(state, 'id'))),
  import: ({ id }) => Promise.resolve({ id }),
};

function attributes({ name, droplets, volumes }: Tag): ValueObject {
  return {
    id: name,
    name,
    total_resource_count: droplets + volumes,
    droplets_count: droplets,
    volumes_count: volumes,
    images_count: 0,
    volume_snapshots_count: 0,
    databases_count: 0,
  };
}

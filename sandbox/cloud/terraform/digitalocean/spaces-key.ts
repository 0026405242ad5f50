import type { Grant, SpacesKey } from '#sandbox/cloud/account/resources/spaces-key';
import { createSpacesKey, deleteSpacesKey, getSpacesKey, updateSpacesKey } from '#sandbox/cloud/account/spaces-keys';
import type { ResourceType, ValueObject } from '../engine/resource';
import { blocks, text } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';

export const spacesKey: ResourceType<DigitalOceanClient> = {
  sensitive: ['secret_key'],
  create: ({ client, planned }) =>
    calling('Error creating Spaces key', async () => {
      const made = await createSpacesKey(client.session, text(planned, 'name'), grantsOf(planned));
      return { ...keyAttributes(made), secret_key: made.secretKey };
    }),
  read: ({ client, state }) =>
    reading('Error reading Spaces key', async () =>
      keyAttributes(await getSpacesKey(client.session, text(state, 'id'))),
    ),
  update: ({ client, planned }) =>
    calling('Error updating Spaces key', async () => {
      const [id, name] = [text(planned, 'id'), text(planned, 'name')];
      return keyAttributes(await updateSpacesKey(client.session, id, name, grantsOf(planned)));
    }),
  delete: ({ client, state }) =>
    deleting('Error deleting Spaces key', () => deleteSpacesKey(client.session, text(state, 'id'))),
};

function grantsOf(planned: ValueObject): Grant[] {
  return blocks(planned, 'grant').map((block) => ({
    bucket: text(block, 'bucket'),
    permission: text(block, 'permission'),
  }));
}

function keyAttributes({ accessKey, name, grants, createdAt }: Omit<SpacesKey, 'secretKey'>): ValueObject {
  return {
    id: accessKey,
    access_key: accessKey,
    name,
    grant: grants.map(({ bucket, permission }) => ({ bucket, permission })),
    created_at: createdAt,
  };
}

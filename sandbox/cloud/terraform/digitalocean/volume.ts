import type { Volume } from '#sandbox/cloud/account/resources/volume';
import { createVolume, deleteVolume, getVolume, resizeVolume, tagVolume } from '#sandbox/cloud/account/volumes';
import { urn } from '#sandbox/cloud/account/urns';
import { ProviderError, type Change, type ResourceType, type ValueObject } from '../engine/resource';
import { isUnknown } from '../protocol/values';
import { number, optional, optionalText, text, texts } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';

export const volume: ResourceType<DigitalOceanClient> = {
  forceNew: ['region', 'name', 'description', 'snapshot_id', 'initial_filesystem_type', 'initial_filesystem_label'],
  validate: (config) => {
    if (text(config, 'snapshot_id') === '') return;
    throw new ProviderError('The emulated cloud has no snapshots of volumes', '', ['snapshot_id']);
  },
  customizePlan: ({ prior, planned }) => {
    const size = planned['size'];
    if (prior === null || isUnknown(size) || number(planned, 'size') >= number(prior, 'size')) return;
    throw new ProviderError('volumes `size` can only be expanded and not shrunk', '', ['size']);
  },
  create: ({ client, planned }) =>
    calling('Error creating Volume', async () => {
      const made = await createVolume(client.session, {
        name: text(planned, 'name'),
        region: text(planned, 'region').toLowerCase(),
        description: text(planned, 'description'),
        sizeGiB: number(planned, 'size'),
        filesystemType: optionalText(planned, 'initial_filesystem_type') ?? text(planned, 'filesystem_type'),
        filesystemLabel: text(planned, 'initial_filesystem_label'),
        tags: texts(planned, 'tags'),
      });
      return attributes(made, planned);
    }),
  read: ({ client, state }) =>
    reading('Error retrieving volume', async () =>
      attributes(await getVolume(client.session, text(state, 'id')), state),
    ),
  update: (change) => calling('Error updating volume', () => update(change)),
  delete: ({ client, state }) =>
    deleting('Error deleting volume', () => deleteVolume(client.session, text(state, 'id'))),
  import: ({ id }) => Promise.resolve({ id }),
};

async function update({ client, prior, planned }: Change<DigitalOceanClient>): Promise<ValueObject> {
  const id = text(planned, 'id');
  if (planned['size'] !== prior['size']) await resizeVolume(client.session, id, number(planned, 'size'));
  return attributes(await tagVolume(client.session, id, texts(planned, 'tags')), planned);
}

function attributes(made: Volume, state: ValueObject): ValueObject {
  return {
    id: made.id,
    name: made.name,
    region: made.region,
    size: made.sizeGiB,
    description: optional(state, 'description', made.description),
    initial_filesystem_type: optional(state, 'initial_filesystem_type', made.filesystemType),
    initial_filesystem_label: optional(state, 'initial_filesystem_label', made.filesystemLabel),
    filesystem_type: made.filesystemType,
    filesystem_label: made.filesystemLabel,
    tags: optional(state, 'tags', made.tags),
    droplet_ids: made.dropletId === undefined ? [] : [made.dropletId],
    urn: urn.volume(made.id),
  };
}

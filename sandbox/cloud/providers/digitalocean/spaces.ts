import { regionOf } from '../../../../config/digitalocean';
import { createBucket, deleteBucket, getBucket, updateBucket } from '../../account/buckets';
import type { Grant, SpacesKey } from '../../account/resources/spaces-key';
import { createSpacesKey, deleteSpacesKey, getSpacesKey, updateSpacesKey } from '../../account/spaces-keys';
import { urn } from '../../account/urns';
import { ProviderError, type ResourceType, type ValueObject } from '../../engine/resource';
import type { Bucket, BucketAcl } from '../../spaces/buckets';
import { blocks, flag, text } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';

const NOT_EMULATED = ['cors_rule', 'lifecycle_rule'];

export const spacesBucket: ResourceType<DigitalOceanClient> = {
  forceNew: ['region', 'name'],
  defaults: { acl: 'private', region: 'nyc3', force_destroy: false, 'versioning.enabled': false },
  validate: (config) => {
    const asked = NOT_EMULATED.find((name) => blocks(config, name).length > 0);
    if (asked !== undefined) throw new ProviderError(`The emulated Spaces has no ${asked}`, '', [asked]);
    const region = text(config, 'region');
    if (region !== '' && !regionOf(region.toLowerCase())?.spaces) {
      throw new ProviderError(`there are no Spaces in the region ${region}`, '', ['region']);
    }
  },
  create: ({ client, planned }) =>
    calling('Error creating Spaces bucket', async () => {
      const name = text(planned, 'name');
      const region = text(planned, 'region').toLowerCase();
      await createBucket(client.spaces, name, { region, acl: aclOf(planned) });
      const versioning = keepsVersions(planned) ? ({ versioning: 'Enabled' } as const) : {};
      return bucketAttributes(await updateBucket(client.spaces, name, versioning), planned);
    }),
  read: ({ client, state }) =>
    reading('Error reading Spaces bucket', async () =>
      bucketAttributes(await getBucket(client.spaces, text(state, 'id')), state),
    ),
  update: ({ client, prior, planned }) =>
    calling('Error updating Spaces bucket', async () => {
      const versioned = keepsVersions(planned) !== keepsVersions(prior);
      const versioning = keepsVersions(planned) ? ('Enabled' as const) : ('Suspended' as const);
      const change = { acl: aclOf(planned), ...(versioned && { versioning }) };
      return bucketAttributes(await updateBucket(client.spaces, text(planned, 'id'), change), planned);
    }),
  delete: ({ client, state }) =>
    deleting('Error deleting Spaces bucket', () =>
      deleteBucket(client.spaces, text(state, 'id'), flag(state, 'force_destroy')),
    ),
  import: ({ id }) => {
    const [region, name] = id.split(',');
    if (name === undefined) throw new ProviderError('importing a Spaces bucket requires the format: <region>,<name>');
    return Promise.resolve({ id: name, name, region: region! });
  },
};

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

function aclOf(state: ValueObject): BucketAcl {
  return text(state, 'acl') === 'public-read' ? 'public-read' : 'private';
}

function keepsVersions(state: ValueObject): boolean {
  return blocks(state, 'versioning').some((block) => flag(block, 'enabled'));
}

function bucketAttributes({ name, region, versioning }: Bucket, state: ValueObject): ValueObject {
  const endpoint = `${region}.digitaloceanspaces.com`;
  return {
    id: name,
    name,
    region,
    // Shown where it is configured: a bucket without the block is none of its business.
    versioning: blocks(state, 'versioning').map(() => ({ enabled: versioning === 'Enabled' })),
    urn: urn.space(name),
    endpoint,
    bucket_domain_name: `${name}.${endpoint}`,
  };
}

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

import type { Vpc } from '#sandbox/cloud/account/resources/vpc';
import { isConflict } from '#sandbox/cloud/http/api-error';
import { createVpc, deleteVpc, getVpc, updateVpc } from '#sandbox/cloud/account/vpcs';
import { urn } from '#sandbox/cloud/account/urns';
import type { Existing, ResourceType, ValueObject } from '../engine/resource';
import { optional, optionalText, text } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';
import { deleteBudget, timeOutNotes } from './time-outs';

/** Source: the provider's resource_vpc.go; terraform-plugin-sdk tries again at most every 10 s. */
const DELETE_SECONDS = 120;
const RETRY_SECONDS = 10;

export const vpc: ResourceType<DigitalOceanClient> = {
  forceNew: ['region', 'ip_range'],
  create: ({ client, planned }) =>
    calling('Error creating VPC', async () => {
      const made = await createVpc(client.session, {
        name: text(planned, 'name'),
        region: text(planned, 'region'),
        description: text(planned, 'description'),
        ipRange: optionalText(planned, 'ip_range'),
      });
      return attributes(made, planned);
    }),
  read: ({ client, state }) =>
    reading('Error reading VPC', async () => attributes(await getVpc(client.session, text(state, 'id')), state)),
  update: ({ client, planned }) =>
    calling('Error updating VPC', async () => {
      const change = { name: text(planned, 'name'), description: text(planned, 'description') };
      return attributes(await updateVpc(client.session, text(planned, 'id'), change), planned);
    }),
  delete: (existing) => deleting('Error deleting VPC', () => removeWhenEmpty(existing)),
  notes: timeOutNotes,
  import: ({ id }) => Promise.resolve({ id }),
};

/** DigitalOcean lets go of a VPC's members late (terraform-provider-digitalocean#446, #488). */
async function removeWhenEmpty({ client, state, notes }: Existing<DigitalOceanClient>): Promise<void> {
  const spend = deleteBudget(notes, DELETE_SECONDS);
  for (;;) {
    try {
      return await deleteVpc(client.session, text(state, 'id'));
    } catch (error) {
      if (!isConflict(error) || !spend(RETRY_SECONDS)) throw error;
    }
  }
}

function attributes(made: Vpc, state: ValueObject): ValueObject {
  return {
    id: made.id,
    name: made.name,
    region: made.region,
    description: optional(state, 'description', made.description),
    ip_range: made.ipRange,
    urn: urn.vpc(made.id),
    default: made.default,
    // The provider prints a Go time.
    created_at: made.createdAt.replace('T', ' ').replace('Z', ' +0000 UTC'),
  };
}

import type { ValueObject } from '../engine/resource';
import { text } from '../attributes';
import { apiResource, fieldsOf } from './api-resource';
import { failingAs } from './client';
import { deletePatiently, timeOutsOf } from './time-outs';

/** DigitalOcean lets go of a VPC's members late (terraform-provider-digitalocean#446, #488). Source: resource_vpc.go. */
const WHILE_IT_HAS_MEMBERS = { seconds: 120, refusals: [403, 409] };

interface Vpc extends ValueObject {
  readonly created_at: string;
}

export const vpc = apiResource<Vpc>({
  path: '/v2/vpcs',
  root: 'vpc',
  noun: 'VPC',
  words: { read: 'Error reading VPC', update: 'Error updating VPC ' },
  forceNew: ['region', 'ip_range'],
  request: (planned) => fieldsOf(planned, ['name', 'region', 'description', 'ip_range', 'default']),
  // The provider prints a Go time.
  attributes: ({ created_at, ...vpc }) => ({
    ...vpc,
    created_at: created_at.replace('T', ' ').replace('Z', ' +0000 UTC'),
  }),
  delete: (existing) => {
    const deletion = deletePatiently(existing, `/v2/vpcs/${text(existing.state, 'id')}`, WHILE_IT_HAS_MEMBERS);
    return failingAs('Error deleting VPC', deletion);
  },
  privateState: timeOutsOf,
});

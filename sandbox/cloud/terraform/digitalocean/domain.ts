import { ProviderError, type DataSourceType, type ResourceType, type ValueObject } from '../engine/resource';
import type { RestClient } from '../rest-client';
import { text } from '../attributes';
import { apiResource, fieldsOf } from './api-resource';
import { failingAs } from './client';

/** Null in the API: a program in Go cannot tell that from 0. */
const OF_OTHER_TYPES = { priority: 0, port: 0, weight: 0, flags: 0, tag: '' };

export const domainData: DataSourceType<RestClient> = {
  read: async ({ client, config }) => {
    const name = text(config, 'name');
    const asked = client.get<{ domain: ValueObject }>(`/v2/domains/${name}`);
    const { domain } = await failingAs('Error retrieving domain', asked);
    return { ...domain, id: name, urn: `do:domain:${name}` };
  },
};

interface DomainRecord extends ValueObject {
  readonly name: string;
  readonly data: string;
}

export const record: ResourceType<RestClient> = {
  ...apiResource<DomainRecord>({
    path: (state) => `/v2/domains/${text(state, 'domain')}/records`,
    root: 'domain_record',
    noun: 'record',
    words: { create: 'Failed to create record', update: 'Failed to update record' },
    mayBeGone: true,
    arguments: ['domain', 'type', 'name', 'value', 'ttl'],
    forceNew: ['type', 'domain'],
    // The configuration may spell it out.
    sameValue: { name: (prior, name, config) => name === fullName(prior as string, config) },
    request: (planned) => ({
      ...fieldsOf(planned, ['type', 'name', 'ttl']),
      data: text(planned, 'value'),
    }),
    attributes: ({ data, ...record }, state) => ({
      ...record,
      ...OF_OTHER_TYPES,
      value: data,
      fqdn: fullName(record.name, state).replace(/\.$/, ''),
    }),
  }),
  import: ({ id: written }) => {
    const [domain, id] = written.split(',');
    if (id === undefined || !/^\d+$/.test(id)) throw new ProviderError('invalid record ID: use domain,id');
    return Promise.resolve({ id, domain: domain! });
  },
};

function fullName(name: string, { domain }: ValueObject): string {
  return name === '@' ? `${domain as string}.` : `${name}.${domain as string}.`;
}

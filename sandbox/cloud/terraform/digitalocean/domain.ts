import { ProviderError, type DataSourceType, type ResourceType, type ValueObject } from '../engine/resource';
import type { RestClient } from '../rest-client';
import { text } from '../attributes';
import { apiResource, fieldsOf } from './api-resource';
import { failingAs } from './client';

/** Types whose value the API keeps without its last dot. */
const POINTERS = ['CNAME', 'MX', 'NS', 'SRV', 'CAA'];
/** A program in Go cannot tell null from 0. */
const NUMBERS = ['priority', 'port', 'weight', 'flags'];
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  MX: ['priority'],
  SRV: ['priority', 'weight', 'port'],
  CAA: ['flags', 'tag'],
};

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
  readonly type: string;
  readonly data: string;
}

export const record: ResourceType<RestClient> = {
  ...apiResource<DomainRecord>({
    path: (state) => `/v2/domains/${text(state, 'domain')}/records`,
    root: 'domain_record',
    noun: 'record',
    words: { create: 'Failed to create record', update: 'Failed to update record' },
    mayBeGone: true,
    forceNew: ['type', 'domain'],
    sameValue: {
      // The configuration may spell the name out.
      name: (prior, name, config) => name === fullName(prior as string, config),
      value: (prior, value, { domain }) =>
        (prior === '@' && value === `${domain as string}.`) || prior === `${value as string}.${domain as string}.`,
    },
    validate: (config) => {
      const type = text(config, 'type');
      const missing = REQUIRED[type]?.find((name) => (config[name] ?? null) === null);
      if (missing !== undefined) throw new ProviderError(`\`${missing}\` is required for when type is \`${type}\``);
    },
    request: (planned) => ({
      ...fieldsOf(planned, ['type', 'name', 'priority', 'port', 'ttl', 'weight', 'flags', 'tag']),
      data: text(planned, 'value'),
    }),
    attributes: ({ data, ...record }, state) => ({
      ...record,
      ...Object.fromEntries(NUMBERS.map((name) => [name, record[name] ?? 0])),
      tag: record['tag'] ?? '',
      value: POINTERS.includes(record.type) && data !== '@' && record['tag'] !== 'iodef' ? `${data}.` : data,
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

import {
  createDomain,
  createRecord,
  deleteDomain,
  deleteRecord,
  getDomain,
  getRecord,
  updateRecord,
  DEFAULT_TTL,
  type RecordRequest,
} from '#sandbox/cloud/account/domains';
import type { Domain, DomainRecord } from '#sandbox/cloud/account/resources/domain';
import { urn } from '#sandbox/cloud/account/urns';
import { ProviderError, type DataSourceType, type ResourceType, type ValueObject } from '../engine/resource';
import { number, optional, optionalText, text } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';

/** Types whose value the API keeps without its last dot. */
const POINTERS = ['CNAME', 'MX', 'NS', 'SRV', 'CAA'];

export const domain: ResourceType<DigitalOceanClient> = {
  forceNew: ['name', 'ip_address'],
  create: ({ client, planned }) =>
    calling('Error creating Domain', async () =>
      domainAttributes(await createDomain(client.session, text(planned, 'name'), optionalText(planned, 'ip_address'))),
    ),
  read: ({ client, state }) =>
    reading('Error retrieving domain', async () =>
      domainAttributes(await getDomain(client.session, text(state, 'id'))),
    ),
  delete: ({ client, state }) =>
    deleting('Error deleting Domain', () => deleteDomain(client.session, text(state, 'id'))),
  import: ({ id }) => Promise.resolve({ id }),
};

export const domainData: DataSourceType<DigitalOceanClient> = {
  read: ({ client, config }) =>
    calling('Error retrieving domain', async () => {
      const found = await getDomain(client.session, text(config, 'name'));
      return { ...domainAttributes(found), zone_file: zoneFile(found) };
    }),
};

export const record: ResourceType<DigitalOceanClient> = {
  forceNew: ['type', 'domain'],
  validate,
  create: ({ client, planned }) =>
    calling('Failed to create record', async () => {
      const [zone, type] = [text(planned, 'domain'), text(planned, 'type')];
      return recordAttributes(await createRecord(client.session, zone, type, request(planned)), planned);
    }),
  read: ({ client, state }) =>
    reading('Error retrieving record', async () =>
      recordAttributes(await getRecord(client.session, text(state, 'domain'), idOf(state)), state),
    ),
  update: ({ client, planned }) =>
    calling('Failed to update record', async () => {
      const zone = text(planned, 'domain');
      return recordAttributes(await updateRecord(client.session, zone, idOf(planned), request(planned)), planned);
    }),
  delete: ({ client, state }) =>
    deleting('Error deleting record', () => deleteRecord(client.session, text(state, 'domain'), idOf(state))),
  import: ({ id }) => {
    const [zone, number] = id.split(',');
    if (number === undefined || !/^\d+$/.test(number)) throw new ProviderError('invalid record ID: use domain,id');
    return Promise.resolve({ id: number, domain: zone! });
  },
};

function validate(config: ValueObject): void {
  const required: Record<string, string[]> = {
    MX: ['priority'],
    SRV: ['priority', 'weight', 'port'],
    CAA: ['flags', 'tag'],
  };
  const type = text(config, 'type');
  const missing = required[type]?.find((name) => config[name] === null);
  if (missing !== undefined) throw new ProviderError(`\`${missing}\` is required for when type is \`${type}\``);
}

function request(planned: ValueObject): RecordRequest {
  return {
    name: text(planned, 'name'),
    data: text(planned, 'value'),
    ttl: number(planned, 'ttl') || DEFAULT_TTL,
    priority: number(planned, 'priority'),
    port: number(planned, 'port'),
    weight: number(planned, 'weight'),
    flags: number(planned, 'flags'),
    tag: text(planned, 'tag'),
  };
}

function domainAttributes({ name, ttl }: Domain): ValueObject {
  return { id: name, name, ttl, urn: urn.domain(name) };
}

function recordAttributes(made: DomainRecord, state: ValueObject): ValueObject {
  const zone = text(state, 'domain');
  const written = text(state, 'name');
  return {
    id: `${made.id}`,
    type: made.type,
    // The configuration may spell the name out.
    name: written === fullName(made.name, zone) ? written : made.name,
    value: POINTERS.includes(made.type) && made.data !== '@' ? `${made.data}.` : made.data,
    ttl: made.ttl,
    priority: optional(state, 'priority', made.priority),
    port: optional(state, 'port', made.port),
    weight: optional(state, 'weight', made.weight),
    flags: optional(state, 'flags', made.flags),
    tag: optional(state, 'tag', made.tag),
    fqdn: fullName(made.name, zone).replace(/\.$/, ''),
  };
}

function fullName(name: string, zone: string): string {
  return name === '@' ? `${zone}.` : `${name}.${zone}.`;
}

function zoneFile({ name, records }: Domain): string {
  const lines = records.map((one) => `${fullName(one.name, name)} ${one.ttl} IN ${one.type} ${one.data}\n`);
  return `$ORIGIN ${name}.\n$TTL ${DEFAULT_TTL}\n${lines.join('')}`;
}

function idOf(state: ValueObject): number {
  return Number(text(state, 'id'));
}

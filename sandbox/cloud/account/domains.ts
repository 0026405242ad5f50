import { isIPv4, isIPv6 } from 'node:net';
import { conflict, notFound, unprocessable } from './errors';
import { forgetUrn, holdInDefaultProject } from './projects';
import type { Domain, DomainRecord } from './resources/domain';
import { request, type Session } from './session';
import type { AccountState } from './state';
import { urn } from './urns';

/** What a caller decides about a record; what its type does not know is 0 or empty. */
export type RecordRequest = Omit<DomainRecord, 'id' | 'type'>;

const TYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SOA', 'SRV', 'TXT'];
/** Types whose data is a host name. */
const POINTERS = ['CNAME', 'MX', 'NS', 'SRV'];
export const DEFAULT_TTL = 1800;
const MIN_TTL = 30;
const NAME_SERVERS = ['ns1.digitalocean.com', 'ns2.digitalocean.com', 'ns3.digitalocean.com'];
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
const RECORD_NAME =
  /^(@|(\*|[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*)$/;

export function createDomain(session: Session, name: string, ipAddress?: string): Promise<Domain> {
  const { state } = session.account;
  return request(session, 'domain:create', 'POST', '/v2/domains', () => {
    if (!DOMAIN.test(name)) throw unprocessable(`Domain ${name} is not a valid domain name`);
    if (state.domains.some((domain) => domain.name === name)) throw unprocessable('Domain is already in use');
    const domain = newZone(state, name, false);
    if (ipAddress !== undefined) domain.records.push(newRecord(state, domain, 'A', { name: '@', data: ipAddress }));
    state.domains.push(domain);
    holdInDefaultProject(state, urn.domain(name));
    return domain;
  });
}

export function listDomains(session: Session): Promise<Domain[]> {
  return request(session, 'domain:read', 'GET', '/v2/domains', () => [...session.account.state.domains]);
}

export function listRecords(session: Session, domainName: string): Promise<DomainRecord[]> {
  const { state } = session.account;
  return request(session, 'domain:read', 'GET', `/v2/domains/${domainName}/records`, () => [
    ...findDomain(state, domainName).records,
  ]);
}

export function getDomain(session: Session, name: string): Promise<Domain> {
  return request(session, 'domain:read', 'GET', `/v2/domains/${name}`, () => findDomain(session.account.state, name));
}

export function deleteDomain(session: Session, name: string): Promise<void> {
  const { state } = session.account;
  return request(session, 'domain:delete', 'DELETE', `/v2/domains/${name}`, () => {
    const domain = findDomain(state, name);
    state.domains = state.domains.filter((candidate) => candidate !== domain);
    forgetUrn(state, urn.domain(name));
  });
}

export function createRecord(
  session: Session,
  domainName: string,
  type: string,
  wanted: RecordRequest,
): Promise<DomainRecord> {
  const { state } = session.account;
  return request(session, 'domain:create', 'POST', `/v2/domains/${domainName}/records`, () => {
    const domain = findDomain(state, domainName);
    const record = newRecord(state, domain, type, wanted);
    domain.records.push(record);
    return record;
  });
}

export function getRecord(session: Session, domain: string, id: number): Promise<DomainRecord> {
  const { state } = session.account;
  return request(session, 'domain:read', 'GET', `/v2/domains/${domain}/records/${id}`, () =>
    findRecord(findDomain(state, domain), id),
  );
}

export function updateRecord(
  session: Session,
  domainName: string,
  id: number,
  wanted: RecordRequest,
): Promise<DomainRecord> {
  const { state } = session.account;
  return request(session, 'domain:update', 'PUT', `/v2/domains/${domainName}/records/${id}`, () => {
    const domain = findDomain(state, domainName);
    const record = findRecord(domain, id);
    return Object.assign(record, checked(domain, record.type, wanted, id));
  });
}

export function deleteRecord(session: Session, domainName: string, id: number): Promise<void> {
  const { state } = session.account;
  return request(session, 'domain:delete', 'DELETE', `/v2/domains/${domainName}/records/${id}`, () => {
    const domain = findDomain(state, domainName);
    const record = findRecord(domain, id);
    domain.records = domain.records.filter((candidate) => candidate !== record);
  });
}

/** The address that a host name leads to by the account's A records; undefined when none does. */
export function resolveHost({ domains }: AccountState, host: string): string | undefined {
  const domain = domains.find(({ name }) => host === name || host.endsWith(`.${name}`));
  if (domain === undefined) return undefined;
  const name = host === domain.name ? '@' : host.slice(0, -domain.name.length - 1);
  const answers = domain.records.filter(({ type }) => type === 'A');
  const wildcard = `*.${name.split('.').slice(1).join('.')}`.replace(/\.$/, '');
  return (answers.find((record) => record.name === name) ?? answers.find((record) => record.name === wildcard))?.data;
}

/** A zone with the records that DigitalOcean gives every new one. */
export function presetDomain(state: AccountState, name: string): Domain {
  const domain = newZone(state, name, true);
  holdInDefaultProject(state, urn.domain(name));
  return domain;
}

function newZone(state: AccountState, name: string, preset: boolean): Domain {
  const domain: Domain = { name, ttl: DEFAULT_TTL, preset, records: [] };
  domain.records.push(newRecord(state, domain, 'SOA', { name: '@', data: `${DEFAULT_TTL}` }));
  for (const data of NAME_SERVERS) domain.records.push(newRecord(state, domain, 'NS', { name: '@', data }));
  return domain;
}

function newRecord(
  state: AccountState,
  domain: Domain,
  type: string,
  wanted: Pick<RecordRequest, 'name' | 'data'> & Partial<RecordRequest>,
): DomainRecord {
  const complete = { ttl: DEFAULT_TTL, priority: 0, port: 0, weight: 0, flags: 0, tag: '', ...wanted };
  const record = { type, ...checked(domain, type, complete, undefined) };
  return { id: (state.sequence.record += 1), ...record };
}

/** The record as it is stored, or the rule that it breaks. */
function checked(domain: Domain, type: string, wanted: RecordRequest, own: number | undefined): RecordRequest {
  const name = wanted.name === `${domain.name}.` ? '@' : wanted.name.replace(`.${domain.name}.`, '');
  if (!TYPES.includes(type)) throw unprocessable('Type is invalid');
  if (!RECORD_NAME.test(name)) throw unprocessable('Name is invalid');
  if (wanted.ttl < MIN_TTL) throw unprocessable(`Ttl must be at least ${MIN_TTL} seconds`);
  if (type === 'A' && !isIPv4(wanted.data)) throw unprocessable('Data needs to be a valid IPv4 address');
  if (type === 'AAAA' && !isIPv6(wanted.data)) throw unprocessable('Data needs to be a valid IPv6 address');
  if (wanted.data === '') throw unprocessable("Data can't be blank");
  const others = domain.records.filter((record) => record.name === name && record.id !== own);
  if (type === 'CNAME' ? others.length > 0 : others.some((record) => record.type === 'CNAME')) {
    throw conflict('CNAME records cannot share a name with other records');
  }
  return { ...wanted, name, data: POINTERS.includes(type) ? wanted.data.replace(/\.$/, '') : wanted.data };
}

function findDomain(state: AccountState, name: string): Domain {
  const domain = state.domains.find((candidate) => candidate.name === name);
  if (domain === undefined) throw notFound();
  return domain;
}

function findRecord(domain: Domain, id: number): DomainRecord {
  const record = domain.records.find((candidate) => candidate.id === id);
  if (record === undefined) throw notFound();
  return record;
}

/** DNS zones and their records: those that every zone has, addresses and texts. */
import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { bodyOf } from '../http/request-body';
import { route, type RestRequest } from '../http/routes';
import { collection, nextId, type Account, type Held } from './account';
import { created, GONE, listed, one, type DigitalOceanRoute } from './answers';
import { notFound, unprocessable } from './errors';
import { inDefaultProject } from './project';
import { usualRoutes } from './usual-routes';

const DEFAULT_TTL = 1800;
const NAME_SERVERS = ['ns1.digitalocean.com', 'ns2.digitalocean.com', 'ns3.digitalocean.com'];
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
const RECORD_NAME =
  /^(@|(\*|[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*)$/;

const domainRequest = z.object({ name: z.string() });
const record = z.object({
  type: z.enum(['A', 'TXT'], 'is not part of the emulated cloud'),
  /** Below the domain; `@` for the domain itself. */
  name: z.string(),
  data: z.string().min(1, "can't be blank"),
  ttl: z.int().min(30, 'must be at least 30 seconds').default(DEFAULT_TTL),
});
type RecordRequest = z.infer<typeof record>;
/** With its type or without: nothing changes that. */
const changeRequest = record.omit({ type: true });

interface DomainRecord extends Omit<RecordRequest, 'type'> {
  readonly id: number;
  readonly type: RecordRequest['type'] | 'NS' | 'SOA';
}

interface Domain extends Held {
  readonly name: string;
  readonly ttl: number;
  records: DomainRecord[];
}

const domains = collection<Domain>('domains', 'name');

export const domainRoutes: readonly DigitalOceanRoute[] = [
  route('POST /v2/domains', 'domain:create', ({ account }, request) => {
    return created('domain', body(account, addDomain(account, bodyOf(request, domainRequest).name)));
  }),
  ...usualRoutes({ held: domains, key: 'domain', body }),
  route('POST /v2/domains/{name}/records', 'domain:create', ({ account }, request) => {
    const domain = domains.find(account, request.params['name']);
    return created('domain_record', recordBody(addRecord(account, domain, bodyOf(request, record))));
  }),
  route('GET /v2/domains/{name}/records', 'domain:read', ({ account }, request) => {
    const { params, query } = request;
    const domain = domains.find(account, params['name']);
    const found = domain.records
      .filter(({ type }) => !query.has('type') || type === query.get('type'))
      .filter(({ name }) => !query.has('name') || hostName(name, domain) === query.get('name'));
    return listed(request, 'domain_records', found.map(recordBody));
  }),
  route('GET /v2/domains/{name}/records/{id}', 'domain:read', ({ account }, request) =>
    one('domain_record', recordBody(findRecord(domains.find(account, request.params['name']), request))),
  ),
  route('PUT /v2/domains/{name}/records/{id}', 'domain:update', ({ account }, request) => {
    const domain = domains.find(account, request.params['name']);
    const found = findRecord(domain, request);
    const wanted = { ...bodyOf(request, changeRequest), type: found.type };
    return one('domain_record', recordBody(Object.assign(found, checked(domain, wanted))));
  }),
  route('DELETE /v2/domains/{name}/records/{id}', 'domain:delete', ({ account }, request) => {
    const domain = domains.find(account, request.params['name']);
    const gone = findRecord(domain, request);
    domain.records = domain.records.filter((held) => held !== gone);
    return GONE;
  }),
];

/** A zone with the records that DigitalOcean gives every new one. */
export function addDomain(account: Account, name: string): Domain {
  if (!DOMAIN.test(name)) throw unprocessable(`Domain ${name} is not a valid domain name`);
  if (domains.of(account).some((other) => other.name === name)) throw unprocessable('Domain is already in use');
  const domain: Domain = { name, ttl: DEFAULT_TTL, records: [], ...inDefaultProject(account, `do:domain:${name}`) };
  addRecord(account, domain, { type: 'SOA', name: '@', data: `${DEFAULT_TTL}`, ttl: DEFAULT_TTL });
  for (const data of NAME_SERVERS) addRecord(account, domain, { type: 'NS', name: '@', data, ttl: DEFAULT_TTL });
  return domains.add(account, domain);
}

type Wanted = Omit<DomainRecord, 'id'>;

function addRecord(account: Account, domain: Domain, wanted: Wanted): DomainRecord {
  const made = { id: nextId(account, 'domain_records'), ...checked(domain, wanted) };
  domain.records.push(made);
  return made;
}

/** The record as it is kept, or the rule that it breaks. */
function checked(domain: Domain, wanted: Wanted): Wanted {
  const name = wanted.name === `${domain.name}.` ? '@' : wanted.name.replace(`.${domain.name}.`, '');
  if (!RECORD_NAME.test(name)) throw unprocessable('Name is invalid');
  if (wanted.type === 'A' && !isIPv4(wanted.data)) throw unprocessable('Data needs to be a valid IPv4 address');
  return { ...wanted, name };
}

function findRecord({ records }: Domain, { params }: RestRequest): DomainRecord {
  const found = records.find(({ id }) => `${id}` === params['id']);
  if (found === undefined) throw notFound();
  return found;
}

/** The whole name of a record, as the filter takes it. */
function hostName(name: string, domain: Domain): string {
  return name === '@' ? domain.name : `${name}.${domain.name}`;
}

function body(_account: Account, domain: Domain): unknown {
  const { name, ttl, records } = domain;
  const lines = records.map((one) => `${hostName(one.name, domain)}. ${one.ttl} IN ${one.type} ${one.data}`);
  return { name, ttl, zone_file: [`$ORIGIN ${name}.`, `$TTL ${ttl}`, ...lines, ''].join('\n') };
}

/** With what only other types know. */
function recordBody(held: DomainRecord): unknown {
  return { ...held, priority: null, port: null, weight: null, flags: null, tag: null };
}

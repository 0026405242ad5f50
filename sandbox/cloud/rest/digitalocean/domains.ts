import { deleteDomain, deleteRecord, getDomain, listDomains, listRecords } from '#sandbox/cloud/account/domains';
import type { Domain, DomainRecord } from '#sandbox/cloud/account/resources/domain';
import { route } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, type DigitalOceanRoute } from './answers';

export const domainRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/domains', async (session, request) =>
    listAnswer(request, 'domains', (await listDomains(session)).map(domainBody)),
  ),
  route('GET', '/v2/domains/{name}', async (session, { params }) =>
    oneAnswer('domain', domainBody(await getDomain(session, params['name']!))),
  ),
  route('DELETE', '/v2/domains/{name}', async (session, { params }) => {
    await deleteDomain(session, params['name']!);
    return GONE;
  }),
  route('GET', '/v2/domains/{name}/records', async (session, request) => {
    const { params, query } = request;
    const domain = params['name']!;
    const records = (await listRecords(session, domain))
      .filter(({ type }) => !query.has('type') || type === query.get('type'))
      .filter(({ name }) => !query.has('name') || hostName(name, domain) === query.get('name'));
    return listAnswer(request, 'domain_records', records.map(recordBody));
  }),
  route('DELETE', '/v2/domains/{name}/records/{id}', async (session, { params }) => {
    await deleteRecord(session, params['name']!, Number(params['id']));
    return GONE;
  }),
];

/** The filter takes the whole name of a record. */
function hostName(name: string, domain: string): string {
  return name === '@' ? domain : `${name}.${domain}`;
}

function domainBody({ name, ttl, records }: Domain): unknown {
  const lines = records.map((record) => `${hostName(record.name, name)}. IN ${record.type} ${record.data}`);
  return { name, ttl, zone_file: [`$ORIGIN ${name}.`, `$TTL ${ttl}`, ...lines, ''].join('\n') };
}

/** What a type does not know is null. */
function recordBody({ id, type, name, data, ttl, ...rest }: DomainRecord): unknown {
  const [mail, service, authority] = ['MX', 'SRV', 'CAA'].map((known) => type === known);
  return {
    id,
    type,
    name,
    data,
    priority: mail || service ? rest.priority : null,
    port: service ? rest.port : null,
    ttl,
    weight: service ? rest.weight : null,
    flags: authority ? rest.flags : null,
    tag: authority ? rest.tag : null,
  };
}

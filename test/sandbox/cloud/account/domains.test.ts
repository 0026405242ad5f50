import {
  createDomain,
  createRecord,
  deleteRecord,
  getDomain,
  getRecord,
  resolveHost,
  updateRecord,
} from '#sandbox/cloud/account/domains';
import { removeSampleAccounts, sampleAccount } from './sample-account';

afterAll(removeSampleAccounts);

const domain = 'forge.example.org';
const record = { name: 'argocd', data: '127.77.0.9', ttl: 300, priority: 0, port: 0, weight: 0, flags: 0, tag: '' };
const withZone = () => sampleAccount({ presets: { domain } });

describe('a domain', () => {
  it('has its SOA and name servers from the start', async () => {
    const { session } = withZone();
    const { records } = await getDomain(session, domain);
    expect(records.map(({ type }) => type)).toEqual(['SOA', 'NS', 'NS', 'NS']);
  });

  it('is made once, with an address if asked for', async () => {
    const { session, account } = sampleAccount();
    await createDomain(session, 'example.org', '192.0.2.1');
    expect(resolveHost(account.state, 'example.org')).toBe('192.0.2.1');
    await expect(createDomain(session, 'example.org')).rejects.toThrow('Domain is already in use');
    await expect(createDomain(session, 'localhost')).rejects.toThrow('not a valid domain name');
  });
});

describe('a record', () => {
  it('leads its host to its address, changes and goes away', async () => {
    const { session, account } = withZone();
    const { id } = await createRecord(session, domain, 'A', record);
    expect(resolveHost(account.state, `argocd.${domain}`)).toBe('127.77.0.9');
    await updateRecord(session, domain, id, { ...record, data: '127.77.0.10' });
    expect(resolveHost(account.state, `argocd.${domain}`)).toBe('127.77.0.10');
    expect(resolveHost(account.state, `other.${domain}`)).toBeUndefined();
    expect(resolveHost(account.state, 'elsewhere.org')).toBeUndefined();
    await deleteRecord(session, domain, id);
    await expect(getRecord(session, domain, id)).rejects.toMatchObject({ status: 404 });
  });

  it('may be a wildcard', async () => {
    const { session, account } = withZone();
    await createRecord(session, domain, 'A', { ...record, name: '*' });
    expect(resolveHost(account.state, `any.${domain}`)).toBe('127.77.0.9');
  });

  it('may give its name in full, and the target of a pointer with a dot', async () => {
    const { session } = withZone();
    const made = await createRecord(session, domain, 'CNAME', {
      ...record,
      name: `www.${domain}.`,
      data: 'example.org.',
    });
    expect(made).toMatchObject({ name: 'www', data: 'example.org' });
  });

  it.each([
    ['A', { data: 'example.org' }, 'valid IPv4 address'],
    ['AAAA', { data: '192.0.2.1' }, 'valid IPv6 address'],
    ['A', { ttl: 5 }, 'at least 30 seconds'],
    ['A', { name: 'a b' }, 'Name is invalid'],
    ['HINFO', {}, 'Type is invalid'],
    ['TXT', { data: '' }, "Data can't be blank"],
  ])('is refused as %s with %j', async (type, change, message) => {
    const { session } = withZone();
    await expect(createRecord(session, domain, type, { ...record, ...change })).rejects.toThrow(message);
  });

  it('shares no name with a CNAME', async () => {
    const { session } = withZone();
    await createRecord(session, domain, 'A', record);
    const alias = createRecord(session, domain, 'CNAME', { ...record, data: 'example.org' });
    await expect(alias).rejects.toThrow('cannot share a name');
  });

  it('needs its domain', async () => {
    const { session } = sampleAccount();
    await expect(createRecord(session, domain, 'A', record)).rejects.toMatchObject({ status: 404 });
  });
});

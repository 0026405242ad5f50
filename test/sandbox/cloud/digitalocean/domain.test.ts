import { sampleAccount } from './sample-account';

const ZONE = '/v2/domains/forge.example.org';
const RECORDS = `${ZONE}/records`;
const A = { type: 'A', name: 'argocd', data: '127.77.0.9', ttl: 300 };
const withZone = async () => {
  const sample = await sampleAccount();
  await sample.api.post('/v2/domains', { name: 'forge.example.org' });
  return sample;
};

describe('a domain', () => {
  it('has its SOA and name servers from the start', async () => {
    const { api } = await withZone();
    expect((await api.get(RECORDS)).map(({ type }: any) => type)).toEqual(['SOA', 'NS', 'NS', 'NS']);
    expect(await api.get('/v2/domains')).toMatchObject([{ name: 'forge.example.org', ttl: 1800 }]);
    expect((await api.get(ZONE)).zone_file).toContain('forge.example.org. 1800 IN NS ns1.digitalocean.com');
  });

  it('is made once', async () => {
    const { api } = await withZone();
    const again = api.post('/v2/domains', { name: 'forge.example.org' });
    await expect(again).rejects.toThrow('Domain is already in use');
    await expect(api.post('/v2/domains', { name: 'localhost' })).rejects.toThrow('not a valid domain name');
  });

  it('goes away with its records', async () => {
    const { api } = await withZone();
    await api.delete(ZONE);
    await expect(api.get(RECORDS)).rejects.toMatchObject({ status: 404 });
    await expect(api.post(RECORDS, A)).rejects.toMatchObject({ status: 404 });
  });
});

describe('a record', () => {
  it('is made, found by its type and its whole name, changed and deleted', async () => {
    const { api } = await withZone();
    const { id } = await api.post(RECORDS, A);
    // What a type does not know is null.
    const unknown = { priority: null, port: null, weight: null, flags: null, tag: null };
    expect(await api.get(`${RECORDS}?name=argocd.forge.example.org`)).toEqual([{ id, ...A, ...unknown }]);
    expect(await api.get(`${RECORDS}?type=NS`)).toHaveLength(3);
    await api.put(`${RECORDS}/${id}`, { ...A, data: '127.77.0.10' });
    expect(await api.get(`${RECORDS}/${id}`)).toMatchObject({ data: '127.77.0.10' });
    await api.delete(`${RECORDS}/${id}`);
    await expect(api.get(`${RECORDS}/${id}`)).rejects.toMatchObject({ status: 404 });
    await expect(api.delete(`${RECORDS}/${id}`)).rejects.toMatchObject({ status: 404 });
  });

  it('may be a wildcard, or give its name in full', async () => {
    const { api } = await withZone();
    await api.post(RECORDS, { ...A, name: '*' });
    expect(await api.post(RECORDS, { ...A, name: 'www.forge.example.org.' })).toMatchObject({ name: 'www' });
  });

  it.each([
    ['A', { data: 'example.org' }, 'valid IPv4 address'],
    ['TXT', { data: '' }, "data: can't be blank"],
    ['A', { ttl: 5 }, 'at least 30 seconds'],
    ['A', { name: 'a b' }, 'Name is invalid'],
    ['CNAME', { data: 'example.org' }, 'type: is not part of the emulated cloud'],
  ])('is refused as %s with %j', async (type, change, message) => {
    const { api } = await withZone();
    await expect(api.post(RECORDS, { ...A, type, ...change })).rejects.toThrow(message);
  });
});

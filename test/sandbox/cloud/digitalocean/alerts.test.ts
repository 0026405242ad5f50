import { client } from './client';
import { balancer, droplet } from './samples';
import { sampleAccount, TOKENS, VERIFIED_EMAIL } from './sample-account';

const CHECK = {
  name: 'gitea',
  type: 'https',
  target: 'https://gitea.forge.example.org/',
  regions: ['eu_west'],
  enabled: true,
};
const told = { email: [VERIFIED_EMAIL], slack: null };
const DOWN = {
  name: 'gitea-down',
  type: 'down_global',
  period: '5m',
  comparison: '',
  threshold: 0,
  notifications: told,
};
const POLICY = {
  type: 'v1/insights/droplet/cpu',
  description: 'busy',
  compare: 'GreaterThan',
  value: 95,
  window: '1h',
  entities: [],
  tags: null,
  alerts: told,
  enabled: true,
};

describe('an uptime check', () => {
  it('is changed, and its alerts go with it', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post('/v2/uptime/checks', CHECK);
    const alert = await api.post(`/v2/uptime/checks/${id}/alerts`, DOWN);
    expect(await api.get(`/v2/uptime/checks/${id}/alerts/${alert.id}`)).toMatchObject({ type: 'down_global' });
    const target = 'https://gitea.forge.example.org/api/healthz';
    await api.put(`/v2/uptime/checks/${id}`, { ...CHECK, target });
    expect(await api.get('/v2/uptime/checks')).toEqual([{ ...CHECK, id, target }]);
    await api.delete(`/v2/uptime/checks/${id}`);
    await expect(api.get(`/v2/uptime/checks/${id}/alerts/${alert.id}`)).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    [{ target: 'http://gitea.forge.example.org/' }, 'URL of the type'],
    [{ regions: null }, 'regions'],
    [{ regions: ['fra1'] }, 'no region of checks'],
    [{ type: 'tcp' }, 'ping, http, https'],
  ])('is refused with %j', async (change, message) => {
    const { api } = await sampleAccount();
    await expect(api.post('/v2/uptime/checks', { ...CHECK, ...change })).rejects.toThrow(message);
  });

  it.each([
    [{ notifications: { email: ['stranger@example.org'], slack: [] } }, 'not a verified email address'],
    [{ notifications: { email: null, slack: null } }, 'needs an email address or a Slack channel'],
    [{ type: 'ssl_expiry' }, 'needs a threshold and a comparison'],
    [{ period: '' }, 'no period'],
  ])('has no alert with %j', async (change, message) => {
    const { api } = await sampleAccount();
    const { id } = await api.post('/v2/uptime/checks', CHECK);
    await expect(api.post(`/v2/uptime/checks/${id}/alerts`, { ...DOWN, ...change })).rejects.toThrow(message);
  });

  it('gets its alerts from a token that may change it, too', async () => {
    const { api, allowed } = await sampleAccount();
    const { id } = await api.post('/v2/uptime/checks', CHECK);
    const make = (...scopes: string[]) => allowed(...scopes).post(`/v2/uptime/checks/${id}/alerts`, DOWN);
    await expect(make('uptime:create')).rejects.toMatchObject({ status: 403 });
    await make('uptime:create', 'uptime:update');
  });
});

describe('an alert policy', () => {
  it('watches droplets by tag, or load balancers by id', async () => {
    const { api } = await sampleAccount();
    await droplet(api, { tags: ['Forge'] });
    const { uuid } = await api.post('/v2/monitoring/alerts', { ...POLICY, tags: ['forge'] });
    expect(await api.get('/v2/monitoring/alerts')).toMatchObject([{ uuid, tags: ['Forge'] }]);
    const { id } = await api.post('/v2/load_balancers', balancer());
    const change = { type: 'v1/insights/lbaas/connection_utilization_percent', entities: [id] };
    expect(await api.put(`/v2/monitoring/alerts/${uuid}`, { ...POLICY, ...change })).toMatchObject(change);
    await api.delete(`/v2/monitoring/alerts/${uuid}`);
    expect(await api.get('/v2/monitoring/alerts')).toEqual([]);
  });

  it.each([
    [{ type: 'v1/insights/droplet/down' }, 'no type of alert'],
    [{ entities: ['7'] }, 'entity 7 is not one that'],
    [{ tags: ['nowhere'] }, 'tag nowhere does not exist'],
    [{ window: '2m' }, '5m, 10m, 30m, 1h'],
    [{ alerts: { email: ['stranger@example.org'], slack: null } }, 'not a verified email address'],
  ])('is refused with %j', async (change, message) => {
    const { api } = await sampleAccount();
    await expect(api.post('/v2/monitoring/alerts', { ...POLICY, ...change })).rejects.toThrow(message);
  });
});

it('is not the business of the token of the cluster', async () => {
  const { url } = await sampleAccount();
  const cluster = client(url, TOKENS.cluster);
  await expect(cluster.get('/v2/monitoring/alerts')).rejects.toMatchObject({ status: 403 });
  await expect(cluster.post('/v2/uptime/checks', CHECK)).rejects.toMatchObject({ status: 403 });
});

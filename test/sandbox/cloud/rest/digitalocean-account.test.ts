import { createDomain, createRecord, DEFAULT_TTL } from '#sandbox/cloud/account/domains';
import { createLoadBalancer } from '#sandbox/cloud/account/load-balancers';
import { createProject } from '#sandbox/cloud/account/projects';
import { assignReservedIp, createReservedIp } from '#sandbox/cloud/account/reserved-ips';
import { createSpacesKey } from '#sandbox/cloud/account/spaces-keys';
import { startDigitalOceanApi } from '#sandbox/cloud/rest/digitalocean/digitalocean-api';
import type { RunningApi } from '#sandbox/cloud/http/rest-server';
import {
  balancer,
  BALANCER_PLACE,
  droplet,
  removeSampleAccounts,
  sampleAccount,
  TOKENS,
  type SampleAccount,
} from '../account/sample-account';
import { caller, type Call } from '../http/call';

const LOOPBACK = { address: '127.0.0.1', port: 0 };

let sample: SampleAccount;
let api: RunningApi;
let call: Call;

beforeEach(async () => {
  sample = sampleAccount();
  api = await startDigitalOceanApi(sample.account, LOOPBACK);
  call = caller(api.url, TOKENS.deploy);
});
afterEach(() => api.stop());
afterAll(removeSampleAccounts);

describe('/v2/reserved_ips', () => {
  it('are listed with their droplet, and deleted', async () => {
    const { ip } = await createReservedIp(sample.session, 'fra1');
    expect((await call('GET', '/v2/reserved_ips')).body.reserved_ips).toMatchObject([{ ip, droplet: null }]);
    const { id } = await droplet(sample.session);
    await assignReservedIp(sample.session, ip, id);
    expect((await call('GET', `/v2/reserved_ips/${ip}`)).body.reserved_ip.droplet).toMatchObject({ id });
    expect((await call('DELETE', `/v2/reserved_ips/${ip}`)).status).toBe(204);
  });
});

describe('/v2/domains', () => {
  it('have records, found by type and whole name, and deleted one by one', async () => {
    await createDomain(sample.session, 'example.org');
    const more = { ttl: DEFAULT_TTL, priority: 0, port: 0, weight: 0, flags: 0, tag: '' };
    const { id } = await createRecord(sample.session, 'example.org', 'A', { name: 'git', data: '192.0.2.1', ...more });
    expect((await call('GET', '/v2/domains')).body.domains).toMatchObject([{ name: 'example.org', ttl: 1800 }]);
    const { domain_records: found } = (await call('GET', '/v2/domains/example.org/records?name=git.example.org')).body;
    expect(found).toEqual([
      {
        id,
        type: 'A',
        name: 'git',
        data: '192.0.2.1',
        ttl: 1800,
        priority: null,
        port: null,
        weight: null,
        flags: null,
        tag: null,
      },
    ]);
    expect((await call('GET', '/v2/domains/example.org/records?type=NS')).body.meta.total).toBe(3);
    expect((await call('DELETE', `/v2/domains/example.org/records/${id}`)).status).toBe(204);
    expect((await call('DELETE', `/v2/domains/example.org/records/${id}`)).status).toBe(404);
    expect((await call('DELETE', '/v2/domains/example.org')).status).toBe(204);
  });
});

describe('/v2/projects', () => {
  it('have resources, and are deleted without them', async () => {
    const { id } = await droplet(sample.session);
    const { resources } = (await call('GET', '/v2/projects/default/resources')).body;
    expect(resources).toMatchObject([{ urn: `do:droplet:${id}`, links: { self: `${api.url}/v2/droplets/${id}` } }]);
    const wanted = { name: 'forge', description: '', purpose: 'A forge', environment: 'production' };
    const project = await createProject(sample.session, wanted);
    expect((await call('GET', '/v2/projects')).body.projects).toHaveLength(2);
    expect((await call('DELETE', `/v2/projects/${project.id}`)).status).toBe(204);
    expect(
      (await call('DELETE', `/v2/projects/${(await call('GET', '/v2/projects/default')).body.project.id}`)).status,
    ).toBe(409);
  });
});

describe('/v2/tags', () => {
  it('tell how much carries them, and are deleted', async () => {
    await droplet(sample.session, { tags: ['forge'] });
    expect((await call('GET', '/v2/tags')).body.tags).toMatchObject([
      { name: 'forge', resources: { count: 1, droplets: { count: 1 }, volumes: { count: 0 } } },
    ]);
    expect((await call('DELETE', '/v2/tags/forge')).status).toBe(204);
    expect((await call('GET', '/v2/tags/forge')).status).toBe(404);
  });
});

describe('/v2/spaces/keys', () => {
  it('are listed without their secret, and deleted', async () => {
    const { accessKey, secretKey } = await createSpacesKey(sample.session, 'backups', [
      { bucket: 'forge-backups', permission: 'readwrite' },
    ]);
    const { body } = await call('GET', '/v2/spaces/keys');
    expect(body.keys).toMatchObject([
      { name: 'backups', access_key: accessKey, grants: [{ bucket: 'forge-backups' }] },
    ]);
    expect(JSON.stringify(body)).not.toContain(secretKey);
    expect((await call('DELETE', `/v2/spaces/keys/${accessKey}`)).status).toBe(204);
  });
});

describe('what the account is and may', () => {
  it('is told at /v2/account', async () => {
    expect((await call('GET', '/v2/account')).body.account).toMatchObject({ status: 'active', droplet_limit: 25 });
  });

  it('is offered at /v2/regions and /v2/sizes', async () => {
    const regions = (await call('GET', '/v2/regions')).body.regions.map(({ slug }: { slug: string }) => slug);
    expect(regions).toContain('fra1');
    const { sizes } = (await call('GET', '/v2/sizes?per_page=200')).body;
    expect(sizes.find(({ slug }: { slug: string }) => slug === 's-2vcpu-4gb')).toMatchObject({
      memory: 4096,
      vcpus: 2,
    });
  });

  it('has no snapshots', async () => {
    expect((await call('GET', '/v2/snapshots')).body).toEqual({ snapshots: [], links: {}, meta: { total: 0 } });
  });

  it('counts a load balancer as a member of its VPC', async () => {
    const { vpcId, id } = await createLoadBalancer(sample.session, BALANCER_PLACE, balancer());
    expect((await call('GET', `/v2/vpcs/${vpcId}/members`)).body.members).toMatchObject([
      { urn: `do:loadbalancer:${id}` },
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { act, addressOf, assign, droplet, DROPLET, firewall, VOLUME } from './samples';
import { sampleAccount } from './sample-account';

describe('a new droplet', () => {
  it('boots a machine of its size in its VPC, with an address of the sandbox', async () => {
    const { api, machines } = await sampleAccount();
    const vpc = await api.post('/v2/vpcs', { name: 'forge', region: 'fra1', ip_range: '10.110.0.0/20' });
    const made = await droplet(api, { vpc_uuid: vpc.id, tags: ['forge'], user_data: '#cloud-config' });
    expect(made.id).toBeGreaterThan(100_000_000);
    expect(machines.booted).toEqual([
      {
        id: made.id,
        name: 'node-1',
        region: 'fra1',
        size: { slug: 's-2vcpu-4gb', vcpus: 2, memoryMiB: 4096, diskGiB: 80 },
        tags: ['forge'],
        publicAddress: '127.77.0.2',
        privateAddress: '10.110.0.2',
        userData: '#cloud-config',
      },
    ]);
  });

  it('is told with its size, its networks and all it carries, but never with its user data', async () => {
    const { api } = await sampleAccount();
    const { id } = await droplet(api, { tags: ['forge'], monitoring: true, user_data: 'planted-user-data' });
    const told = await api.get(`/v2/droplets/${id}`);
    expect(told).toMatchObject({
      ...DROPLET,
      id,
      size: { slug: 's-2vcpu-4gb', price_monthly: 24 },
      size_slug: 's-2vcpu-4gb',
      region: { slug: 'fra1' },
      image: { slug: 'ubuntu-24-04-x64' },
      status: 'active',
      memory: 4096,
      vcpus: 2,
      disk: 80,
      features: expect.arrayContaining(['monitoring']),
      tags: ['forge'],
      volume_ids: [],
    });
    expect([addressOf(told, 'public'), addressOf(told, 'private')]).toEqual(['127.77.0.2', '10.100.0.2']);
    expect(JSON.stringify(told)).not.toContain('planted-user-data');
  });

  it('is found by its tag and by its name', async () => {
    const { api } = await sampleAccount();
    await droplet(api, { tags: ['forge'] });
    await droplet(api, { name: 'other' });
    expect(await api.get('/v2/droplets?tag_name=forge')).toMatchObject([{ name: 'node-1' }]);
    expect(await api.get('/v2/droplets?name=other')).toMatchObject([{ name: 'other' }]);
  });

  it('is new until its machine is on, and active all the same when that fails: the API does not look inside', async () => {
    const { api, machines } = await sampleAccount();
    machines.failNextBoot = 'no server-ca.crt in the user data';
    expect(await api.post('/v2/droplets', DROPLET)).toMatchObject({ status: 'new' });
    await droplet(api);
    expect((await api.get('/v2/droplets')).map(({ status }: any) => status)).toEqual(['active', 'active']);
  });

  it('is on disk before its machine starts', async () => {
    const { api, machines, file } = await sampleAccount();
    let saved = '';
    machines.boot = () => {
      saved = readFileSync(file, 'utf8');
      return Promise.resolve();
    };
    await droplet(api, { name: 'early' });
    expect(saved).toContain('"name":"early"');
  });

  it('goes to the default VPC of its region when it names none', async () => {
    const { api } = await sampleAccount();
    const { vpc_uuid } = await droplet(api);
    expect(await api.get('/v2/vpcs')).toMatchObject([{ id: vpc_uuid, default: true, region: 'fra1' }]);
  });

  it('never shares an address, and does not take over a released one at once', async () => {
    const { api } = await sampleAccount();
    const first = await droplet(api);
    const second = await droplet(api);
    await api.delete(`/v2/droplets/${first.id}`);
    const third = await droplet(api);
    expect(new Set([first, second, third].map((one) => addressOf(one, 'public'))).size).toBe(3);
  });

  it.each([
    ['size', 's-99vcpu', 'You specified an invalid size for Droplet creation.'],
    ['region', 'fra9', 'You specified an invalid region for Droplet creation.'],
    ['image', 'ubuntu-4-10', 'You specified an invalid image for Droplet creation.'],
    ['name', 'my node', 'Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)'],
    ['ssh_keys', ['1234'], '1234 are invalid key identifiers for Droplet creation.'],
    ['tags', ['no spaces'], 'tag no spaces is invalid'],
  ])('is refused with the %s %s', async (field, value, reason) => {
    const { api } = await sampleAccount();
    const message = expect.stringContaining(reason);
    const wanted = { ...DROPLET, [field]: value };
    await expect(api.post('/v2/droplets', wanted)).rejects.toMatchObject({ status: 422, message });
    expect(await api.get('/v2/droplets')).toEqual([]);
  });

  it('has at most 64 KiB of user data', async () => {
    const { api } = await sampleAccount();
    await droplet(api, { user_data: 'x'.repeat(64 * 1024) });
    await expect(droplet(api, { user_data: 'x'.repeat(64 * 1024 + 1) })).rejects.toThrow(
      'too long (maximum is 64 KiB)',
    );
  });

  it('is refused beyond the quota', async () => {
    const { api } = await sampleAccount({ quotas: { droplets: 1 } });
    await droplet(api);
    const message = 'creating this/these droplet(s) will exceed your droplet limit';
    await expect(droplet(api)).rejects.toMatchObject({ status: 422, message });
  });

  it('is refused in a VPC that does not exist, or is elsewhere', async () => {
    const { api } = await sampleAccount();
    const elsewhere = await api.post('/v2/vpcs', { name: 'elsewhere', region: 'ams3' });
    await expect(droplet(api, { vpc_uuid: 'nowhere' })).rejects.toMatchObject({ status: 404 });
    await expect(droplet(api, { vpc_uuid: elsewhere.id })).rejects.toMatchObject({ status: 422 });
  });
});

describe('a running droplet', () => {
  it('can be renamed', async () => {
    const { api } = await sampleAccount();
    const { id } = await droplet(api);
    await act(api, id, { type: 'rename', name: 'node-2' });
    expect(await api.get(`/v2/droplets/${id}`)).toMatchObject({ name: 'node-2' });
  });

  it('can be shut down and powered on again', async () => {
    const { api, machines } = await sampleAccount();
    const { id } = await droplet(api);
    await act(api, id, { type: 'shutdown' });
    expect(await api.get(`/v2/droplets/${id}`)).toMatchObject({ status: 'off' });
    expect(machines.turnedOff).toEqual([id]);
    await act(api, id, { type: 'power_on' });
    expect(await api.get(`/v2/droplets/${id}`)).toMatchObject({ status: 'active' });
    expect(machines.booted.map((order) => order.id)).toEqual([id, id]);
  });

  it('has its actions told, by number and all together, with the time that they took', async () => {
    const { api, account } = await sampleAccount();
    const { id } = await droplet(api);
    account.shutdownSeconds = 45;
    const action = await api.post(`/v2/droplets/${id}/actions`, { type: 'shutdown' });
    expect(action).toMatchObject({ status: 'in-progress', type: 'shutdown', resource_id: id, completed_at: null });
    const told = await api.get(`/v2/actions/${action.id}`);
    expect(told).toMatchObject({ id: action.id, status: 'completed' });
    expect(Date.parse(told.completed_at) - Date.parse(told.started_at)).toBe(45_000);
    expect(await api.get(`/v2/droplets/${id}/actions`)).toContainEqual(told);
    await expect(api.get('/v2/actions/0')).rejects.toMatchObject({ status: 404 });
  });

  it('does one thing at a time', async () => {
    const { api } = await sampleAccount();
    const { id } = await droplet(api);
    await api.post(`/v2/droplets/${id}/actions`, { type: 'shutdown' });
    const message = 'Droplet already has a pending event.';
    const second = api.post(`/v2/droplets/${id}/actions`, { type: 'power_off' });
    await expect(second).rejects.toMatchObject({ status: 422, message });
  });
});

describe('a droplet that is off', () => {
  const off = async () => {
    const sample = await sampleAccount();
    const { id } = await droplet(sample.api);
    await act(sample.api, id, { type: 'power_off' });
    return { ...sample, id };
  };

  it('can be resized and back without its disk, but not below a grown disk', async () => {
    const { api, machines, id } = await off();
    for (const size of ['s-4vcpu-8gb', 's-2vcpu-4gb']) {
      await act(api, id, { type: 'resize', size, disk: false });
      await act(api, id, { type: 'power_on' });
      expect(machines.booted.at(-1)!.size).toMatchObject({ slug: size, diskGiB: 80 });
      await act(api, id, { type: 'power_off' });
    }
    await act(api, id, { type: 'resize', size: 's-4vcpu-8gb', disk: true });
    expect(await api.get(`/v2/droplets/${id}`)).toMatchObject({ size_slug: 's-4vcpu-8gb', disk: 160 });
    await expect(act(api, id, { type: 'resize', size: 's-2vcpu-4gb', disk: false })).rejects.toMatchObject({
      status: 422,
      message: 'This size is not available because it has a smaller disk.',
    });
  });
});

describe('a deleted droplet', () => {
  it('stops its machine and lets go of reserved IP, volume, firewall and project', async () => {
    const { api, machines } = await sampleAccount();
    const { id } = await droplet(api);
    const { ip } = await api.post('/v2/reserved_ips', { region: 'fra1' });
    await assign(api, ip, id);
    const volume = await api.post('/v2/volumes', VOLUME);
    await api.post(`/v2/volumes/${volume.id}/actions`, { type: 'attach', droplet_id: id });
    const wall = await api.post('/v2/firewalls', firewall({ droplet_ids: [id] }));

    await api.delete(`/v2/droplets/${id}`);

    expect(machines.destroyed).toEqual([id]);
    await expect(api.get(`/v2/droplets/${id}`)).rejects.toMatchObject({ status: 404 });
    expect(await api.get(`/v2/reserved_ips/${ip}`)).toMatchObject({ droplet: null });
    expect(await api.get(`/v2/volumes/${volume.id}`)).toMatchObject({ droplet_ids: [] });
    expect(await api.get(`/v2/firewalls/${wall.id}`)).toMatchObject({ droplet_ids: [] });
    const held = await api.get('/v2/projects/default/resources');
    expect(held.map(({ urn }: any) => urn)).not.toContain(`do:droplet:${id}`);
  });

  it('is still there when its machine could not be stopped', async () => {
    const { api, machines } = await sampleAccount();
    const { id } = await droplet(api);
    machines.destroy = () => Promise.reject(new Error('still busy'));
    await expect(api.delete(`/v2/droplets/${id}`)).rejects.toMatchObject({ status: 500 });
    expect(await api.get(`/v2/droplets/${id}`)).toMatchObject({ id });
  });
});

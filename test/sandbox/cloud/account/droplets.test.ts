import {
  createDroplet,
  deleteDroplet,
  getDroplet,
  renameDroplet,
  resizeDroplet,
  shutDownDroplet,
  tagDroplet,
  untilActive,
} from '#sandbox/cloud/account/droplets';
import { createFirewall, getFirewall } from '#sandbox/cloud/account/firewalls';
import { startMachines } from '#sandbox/cloud/account/machines';
import { assignReservedIp, createReservedIp, getReservedIp } from '#sandbox/cloud/account/reserved-ips';
import { attachVolume, createVolume, getVolume } from '#sandbox/cloud/account/volumes';
import { createVpc } from '#sandbox/cloud/account/vpcs';
import { droplet, firewall, removeSampleAccounts, sampleAccount } from './sample-account';

afterAll(removeSampleAccounts);

const wanted = { name: 'node-1', region: 'fra1', size: 's-2vcpu-4gb', image: 'ubuntu-24-04-x64' };

describe('a new droplet', () => {
  it('boots a machine of its size in its VPC, with an address of the sandbox', async () => {
    const { session, runtime } = sampleAccount();
    const vpc = await createVpc(session, { name: 'forge', region: 'fra1', ipRange: '10.110.0.0/20' });
    const made = await droplet(session, { vpcId: vpc.id, tags: ['forge'], userData: '#cloud-config' });
    expect(made).toMatchObject({ status: 'active', publicAddress: '127.77.0.2', privateAddress: '10.110.0.2' });
    expect(made.id).toBeGreaterThan(100_000_000);
    expect(runtime.booted).toEqual([
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

  it('is there before it is active, and stays when its machine does not start', async () => {
    const { session, runtime } = sampleAccount();
    runtime.failNextBoot = 'no server-ca.crt in the user data';
    const { id } = await createDroplet(session, wanted);
    await expect(untilActive(session, id)).rejects.toMatchObject({
      status: 500,
      message: `Droplet ${id} did not become active: no server-ca.crt in the user data`,
    });
    await expect(getDroplet(session, id)).resolves.toMatchObject({ status: 'new' });
  });

  it('goes to the default VPC of its region when it names none', async () => {
    const { session, account } = sampleAccount();
    const made = await droplet(session);
    expect(account.state.vpcs).toMatchObject([{ id: made.vpcId, default: true, region: 'fra1' }]);
  });

  it('never shares an address, and does not take over a released one at once', async () => {
    const { session } = sampleAccount();
    const first = await droplet(session);
    const second = await droplet(session);
    await deleteDroplet(session, first.id);
    const third = await droplet(session);
    expect(new Set([first, second, third].map(({ publicAddress }) => publicAddress)).size).toBe(3);
  });

  it.each([
    [{ size: 's-99vcpu' }, 'You specified an invalid size for Droplet creation.'],
    [{ region: 'fra9' }, 'You specified an invalid region for Droplet creation.'],
    [{ image: 'ubuntu-4-10' }, 'You specified an invalid image for Droplet creation.'],
    [{ name: 'my node' }, 'Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)'],
    [{ sshKeys: ['1234'] }, '1234 are invalid key identifiers for Droplet creation.'],
    [{ userData: 'x'.repeat(64 * 1024 + 1) }, 'user data is too long (maximum is 64 KiB)'],
    [{ tags: ['no spaces'] }, expect.stringContaining('tag no spaces is invalid')],
  ])('is refused with %j', async (change, message: unknown) => {
    const { session, account } = sampleAccount();
    await expect(createDroplet(session, { ...wanted, ...change })).rejects.toMatchObject({ status: 422, message });
    expect(account.state.droplets).toEqual([]);
  });

  it('may carry 64 KiB of user data and a key of the account', async () => {
    const sshKeys = [{ name: 'ops', publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA ops@example.org' }];
    const { session, account } = sampleAccount({ presets: { sshKeys } });
    const { fingerprint } = account.state.sshKeys[0]!;
    await droplet(session, { userData: 'x'.repeat(64 * 1024), sshKeys: [fingerprint] });
  });

  it('is refused beyond the quota', async () => {
    const { session } = sampleAccount({ quotas: { droplets: 1 } });
    await droplet(session);
    await expect(droplet(session)).rejects.toMatchObject({
      status: 422,
      message: 'creating this/these droplet(s) will exceed your droplet limit',
    });
  });

  it('is refused in a VPC that does not exist, or is elsewhere', async () => {
    const { session } = sampleAccount();
    const elsewhere = await createVpc(session, { name: 'elsewhere', region: 'ams3' });
    await expect(droplet(session, { vpcId: 'nowhere' })).rejects.toMatchObject({ status: 404 });
    await expect(droplet(session, { vpcId: elsewhere.id })).rejects.toMatchObject({ status: 422 });
  });
});

describe('a running droplet', () => {
  it('can be renamed', async () => {
    const { session } = sampleAccount();
    const { id } = await droplet(session);
    await expect(renameDroplet(session, id, 'node-2')).resolves.toMatchObject({ name: 'node-2' });
  });

  it('can be resized and back without its disk, but not below a grown disk', async () => {
    const { session, runtime } = sampleAccount();
    const { id } = await droplet(session);
    await resizeDroplet(session, id, 's-4vcpu-8gb', false);
    await resizeDroplet(session, id, 's-2vcpu-4gb', false);
    expect(runtime.resized.map(({ size }) => [size.slug, size.diskGiB])).toEqual([
      ['s-4vcpu-8gb', 80],
      ['s-2vcpu-4gb', 80],
    ]);
    await resizeDroplet(session, id, 's-4vcpu-8gb', true);
    await expect(resizeDroplet(session, id, 's-2vcpu-4gb', false)).rejects.toMatchObject({
      status: 422,
      message: 'This size is not available because it has a smaller disk.',
    });
  });

  it('can be shut down, and is then off for good', async () => {
    const { session, runtime, account } = sampleAccount();
    const { id } = await droplet(session);
    expect(await shutDownDroplet(session, id)).toBe(account.shutdownSeconds);
    expect(await shutDownDroplet(session, id)).toBe(0);
    expect(runtime.turnedOff).toEqual([id]);
    await expect(getDroplet(session, id)).resolves.toMatchObject({ status: 'off' });
    await startMachines(account);
    expect(runtime.booted).toHaveLength(1);
  });

  it('makes the tags that are put on it', async () => {
    const { session, account } = sampleAccount();
    const { id } = await droplet(session, { tags: ['one'] });
    await tagDroplet(session, id, ['two']);
    expect(account.state.tags).toEqual(['one', 'two']);
    await expect(getDroplet(session, id)).resolves.toMatchObject({ tags: ['two'] });
  });
});

describe('a deleted droplet', () => {
  it('stops its machine and lets go of reserved IP, volume and firewall', async () => {
    const { session, runtime, account } = sampleAccount();
    const { id } = await droplet(session);
    const { ip } = await createReservedIp(session, 'fra1');
    await assignReservedIp(session, ip, id);
    const data = {
      name: 'data',
      region: 'fra1',
      description: '',
      sizeGiB: 10,
      filesystemType: '',
      filesystemLabel: '',
    };
    const volume = await createVolume(session, { ...data, tags: [] });
    await attachVolume(session, volume.id, id);
    const wall = await createFirewall(session, firewall({ dropletIds: [id] }));

    await deleteDroplet(session, id);

    expect(runtime.destroyed).toEqual([id]);
    await expect(getDroplet(session, id)).rejects.toMatchObject({ status: 404 });
    expect((await getReservedIp(session, ip)).dropletId).toBeUndefined();
    expect((await getVolume(session, volume.id)).dropletId).toBeUndefined();
    expect((await getFirewall(session, wall.id)).dropletIds).toEqual([]);
    expect(account.state.projects[0]!.resources).not.toContain(`do:droplet:${id}`);
  });

  it('is still there when its machine could not be stopped', async () => {
    const { session, runtime } = sampleAccount();
    const { id } = await droplet(session);
    runtime.destroy = () => Promise.reject(new Error('still busy'));
    await expect(deleteDroplet(session, id)).rejects.toThrow('still busy');
    await expect(getDroplet(session, id)).resolves.toMatchObject({ id });
  });
});

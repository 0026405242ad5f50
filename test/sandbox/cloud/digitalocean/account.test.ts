import { startMachines } from '#sandbox/cloud/digitalocean/forwarders';
import { recordingMachines } from './recording-machines';
import { act, balancer, droplet, everythingIn, SSH_KEY } from './samples';
import { sampleAccount } from './sample-account';

describe('the account', () => {
  it('holds at the start what every account has', async () => {
    const { api } = await sampleAccount();
    expect(await everythingIn(api)).toEqual([]);
    expect(await api.get('/v2/projects')).toMatchObject([{ name: 'first-project', is_default: true }]);
  });

  it('is the same after a restart, and starts its machines and forwarding again, but for what is off', async () => {
    const { api, account, reopen } = await sampleAccount();
    const { id } = await droplet(api, { user_data: '#cloud-config' });
    await api.post('/v2/load_balancers', balancer({ droplet_ids: [id] }));
    const { id: off } = await droplet(api, { name: 'off' });
    await act(api, off, { type: 'shutdown' });

    const machines = recordingMachines();
    const again = reopen(machines);
    expect(again.state).toEqual(account.state);
    await startMachines(again);
    expect(machines.booted).toMatchObject([{ id, userData: '#cloud-config', publicAddress: '127.77.0.2' }]);
    expect([...machines.forwarders.values()]).toMatchObject([{ targets: ['127.77.0.2'] }]);
  });

  it('tells its limits at /v2/account', async () => {
    const { api } = await sampleAccount();
    expect(await api.get('/v2/account')).toMatchObject({ status: 'active', droplet_limit: 25, reserved_ip_limit: 3 });
  });

  it('has keys that droplets can be given, by their number or their fingerprint', async () => {
    const { api } = await sampleAccount();
    await api.post('/v2/account/keys', SSH_KEY);
    const [{ id, fingerprint, ...rest }] = await api.get('/v2/account/keys');
    expect(rest).toEqual(SSH_KEY);
    expect(fingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
    for (const key of [id, fingerprint]) await droplet(api, { ssh_keys: [key] });
    const noKey = { name: 'no-key', public_key: 'planted' };
    await expect(api.post('/v2/account/keys', noKey)).rejects.toMatchObject({ status: 422 });
  });
});

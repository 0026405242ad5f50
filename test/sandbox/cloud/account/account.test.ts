import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createDroplet, getDroplet } from '#sandbox/cloud/account/droplets';
import { createDomain, createRecord } from '#sandbox/cloud/account/domains';
import { createFirewall } from '#sandbox/cloud/account/firewalls';
import { inventory } from '#sandbox/cloud/account/inventory';
import { createLoadBalancer } from '#sandbox/cloud/account/load-balancers';
import { startMachines } from '#sandbox/cloud/account/machines';
import { controlPanel, withToken } from '#sandbox/cloud/account/session';
import { createVpc } from '#sandbox/cloud/account/vpcs';
import { injectFault } from '#sandbox/cloud/http/faults';
import {
  balancer,
  BALANCER_PLACE,
  droplet,
  firewall,
  recordingRuntime,
  removeSampleAccounts,
  sampleAccount,
  TOKENS,
} from './sample-account';

afterAll(removeSampleAccounts);

describe('the account', () => {
  it('is the same after a restart, and starts its machines and forwarding again', async () => {
    const { session, account, reopen } = sampleAccount();
    const { id } = await droplet(session, { userData: '#cloud-config' });
    await createLoadBalancer(session, BALANCER_PLACE, balancer({ dropletIds: [id] }));

    const runtime = recordingRuntime();
    const again = reopen(runtime);
    expect(again.state).toEqual(account.state);
    await startMachines(again);
    expect(runtime.booted).toMatchObject([{ id, userData: '#cloud-config', publicAddress: '127.77.0.2' }]);
    expect([...runtime.forwarders.values()]).toMatchObject([{ targets: ['127.77.0.2'] }]);
  });

  it('is kept in a file that only the owner can read', () => {
    const { file } = sampleAccount();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps no token in the file', async () => {
    const { file, session } = sampleAccount();
    await createVpc(session, { name: 'forge', region: 'fra1' });
    expect(readFileSync(file, 'utf8')).not.toContain(TOKENS.deploy);
  });

  it('says what to do when the file is damaged', () => {
    const { file, reopen } = sampleAccount();
    writeFileSync(file, '{"droplets":');
    expect(() => reopen()).toThrow(`${file} is damaged. Start afresh with: forge sandbox down`);
  });

  it('knows an order to a droplet before its machine starts', async () => {
    const { session, runtime, file } = sampleAccount();
    let saved = '';
    runtime.boot = () => {
      saved = readFileSync(file, 'utf8');
      return Promise.resolve();
    };
    await droplet(session, { name: 'early' });
    expect(saved).toContain('"name":"early"');
  });
});

describe('its inventory', () => {
  it('is empty at the start, whatever the presets', () => {
    const sshKeys = [{ name: 'ops', publicKey: 'ssh-ed25519 AAAA ops' }];
    const { account } = sampleAccount({ presets: { domain: 'forge.example.org', sshKeys } });
    expect(inventory(account)).toEqual([]);
  });

  it('lists what a deploy leaves', async () => {
    const { account, session } = sampleAccount({ presets: { domain: 'forge.example.org' } });
    await droplet(session, { tags: ['forge'] });
    await createFirewall(session, firewall());
    await createDomain(session, 'example.com');
    const record = { name: 'argocd', data: '192.0.2.1', ttl: 300, priority: 0, port: 0, weight: 0, flags: 0, tag: '' };
    await createRecord(session, 'forge.example.org', 'A', record);
    expect(inventory(account).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'droplet node-1',
      'firewall nodes',
      'domain example.com',
      'domain record A argocd.forge.example.org',
      'tag forge',
    ]);
  });
});

describe('a token', () => {
  it('that nobody gave out is refused', async () => {
    const { account } = sampleAccount();
    await expect(getDroplet(withToken(account, 'dop_v1_stolen'), 1)).rejects.toMatchObject({
      status: 401,
      message: 'Unable to authenticate you',
    });
  });

  it('without the scope is refused, and with it is not', async () => {
    const { account, session } = sampleAccount();
    const { id } = await droplet(session);
    const cluster = withToken(account, TOKENS.cluster);
    await expect(createVpc(cluster, { name: 'forge', region: 'fra1' })).rejects.toMatchObject({
      status: 403,
      id: 'forbidden',
      message: 'You are not authorized to perform this operation',
      endpoint: { method: 'POST', url: 'https://api.digitalocean.com/v2/vpcs' },
    });
    await expect(getDroplet(cluster, id)).resolves.toMatchObject({ id });
  });
});

describe('a fault', () => {
  const wanted = { name: 'node-1', region: 'fra1', size: 's-2vcpu-4gb', image: 'ubuntu-24-04-x64' };

  it('of a call comes once, and the next call works', async () => {
    const { account, session } = sampleAccount();
    const effect = { kind: 'error', status: 503, id: 'service_unavailable', message: 'try later' } as const;
    injectFault(account.conditions, { operation: 'vpc:create', effect });
    await expect(createVpc(session, { name: 'forge', region: 'fra1' })).rejects.toMatchObject({ status: 503 });
    await createVpc(session, { name: 'forge', region: 'fra1' });
  });

  it('before the write leaves nothing, after the write an orphan', async () => {
    const { account, session, runtime } = sampleAccount();
    injectFault(account.conditions, { operation: 'droplet:*', effect: { kind: 'crash-before' } });
    await expect(createDroplet(session, wanted)).rejects.toThrow('the connection was lost');
    expect(inventory(account)).toEqual([]);
    injectFault(account.conditions, { operation: 'droplet:*', effect: { kind: 'crash-after' } });
    await expect(createDroplet(session, wanted)).rejects.toThrow('the connection was lost');
    expect(inventory(account)).toHaveLength(1);
    expect(runtime.booted).toHaveLength(1);
  });

  it('does not hit the control panel', async () => {
    const { account } = sampleAccount();
    injectFault(account.conditions, { operation: '*', effect: { kind: 'crash-before' } });
    await createVpc(controlPanel(account), { name: 'forge', region: 'fra1' });
  });
});

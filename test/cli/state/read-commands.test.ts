import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { stateCommand } from '#cli/state/command';
import { injectFault, noConditions } from '#sandbox/cloud/http/faults';
import { BUCKET, KEYS } from '#test/sandbox/cloud/spaces/sample-spaces';
import { sampleOperator, type Operator } from '../sample-operator';
import { skipTimers } from '#test/skip-pauses';
import { clusterState, LOCK, LOCK_KEY, networkState, STATE_KEYS } from './sample-state';

afterEach(() => jest.restoreAllMocks());

async function withNetwork(): Promise<Operator> {
  const operator = await sampleOperator(stateCommand, { versioning: 'Enabled' });
  await operator.put(STATE_KEYS.network, networkState);
  return operator;
}

describe('forge state list', () => {
  it('lists the addresses of a stack, with indexes, modules and data sources', async () => {
    const { run } = await withNetwork();
    const { code, output } = await run('list', 'network');
    expect(code).toBe(0);
    expect(output).toBe(
      [
        'network: 11 in the state, serial 12',
        '  data.digitalocean_ssh_keys.all',
        '  digitalocean_vpc.vpc',
        '  digitalocean_droplet.server_1',
        '  digitalocean_spaces_key.snapshots',
        '  tls_private_key.ca',
        '  random_password.token',
        '  terraform_data.generation',
        '  example_changed.changed',
        '  example_texts.texts',
        '  module.pool.digitalocean_droplet.old[0]',
        '  module.pool.digitalocean_droplet.old["b\\"c"] (deposed abcd1234)',
        '',
      ].join('\n'),
    );
  });

  it('lists all stacks and says how to make those that are not there yet', async () => {
    const { run } = await withNetwork();
    const { code, output } = await run('list');
    expect(code).toBe(0);
    expect(output).toContain('network: 11 in the state');
    expect(output).toContain('cluster: no state yet. Deploy it with: npx cdktf deploy cluster\n');
  });

  it('prints JSON for programs', async () => {
    const { run } = await withNetwork();
    const { stdout } = await run('list', '--json');
    const listings = JSON.parse(stdout) as object[];
    expect(listings).toMatchObject([
      { stack: 'network', serial: 12 },
      { stack: 'cluster', addresses: [] },
      { stack: 'github-secrets', addresses: [] },
    ]);
    expect(listings[1]).not.toHaveProperty('serial');
  });
});

describe('forge state show', () => {
  it('shows the attributes of a resource', async () => {
    const { run } = await withNetwork();
    const { output } = await run('show', 'network', 'digitalocean_vpc.vpc');
    expect(output).toBe('# digitalocean_vpc.vpc\nid: vpc-1\nip_range: 10.110.0.0/20\nname: forge-production\n');
  });

  it('shows all instances when no index is given', async () => {
    const { run } = await withNetwork();
    const { stdout } = await run('show', 'network', 'module.pool.digitalocean_droplet.old', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ attributes: { id: '1' } }, { attributes: { id: '2' } }]);
  });

  it('names the nearest address when there is none of that name', async () => {
    const { run } = await withNetwork();
    const { code, output } = await run('show', 'network', 'digitalocean_vpc.vcp');
    expect(code).toBe(1);
    expect(output).toContain('The nearest is digitalocean_vpc.vpc.');
  });

  it('does not let a value drive the terminal', async () => {
    const { run } = await withNetwork();
    const { output } = await run('show', 'network', 'example_texts.texts');
    expect(output).toContain('red\\e[31m');
    expect(output).not.toContain('\u001b');
  });
});

describe('forge state outputs', () => {
  it('shows values, and the names of secret ones', async () => {
    const { run } = await withNetwork();
    const { output } = await run('outputs', 'network');
    expect(output).toBe(
      [
        'api_address             127.16.0.2',
        'cluster_ca_certificate  -----BEGIN CERTIFICATE----- … (3 lines; all with --json)',
        'admin_key               (sensitive)',
        'backup_key_secret       (sensitive)',
        'own_password            (sensitive)',
        'own_number              7',
        '',
      ].join('\n'),
    );
  });

  it('gives programs no value where there is a secret', async () => {
    const { run } = await withNetwork();
    const { stdout } = await run('outputs', 'network', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      api_address: { value: '127.16.0.2', sensitive: false },
      admin_key: { sensitive: true },
    });
    expect(stdout).not.toContain('(sensitive)');
  });

  it('says so when a stack publishes nothing', async () => {
    const { run, put } = await withNetwork();
    await put(STATE_KEYS.cluster, { ...clusterState, outputs: {} });
    expect((await run('outputs', 'cluster')).output).toBe('The stack cluster publishes nothing.\n');
  });
});

describe('forge state history', () => {
  it('lists the versions, the newest first, without those of the lock', async () => {
    const { run, put, spaces } = await withNetwork();
    await put(LOCK_KEY, LOCK);
    await put(STATE_KEYS.network, { ...networkState, serial: 13 });
    await spaces.client().send(new DeleteObjectCommand({ Bucket: BUCKET, Key: STATE_KEYS.network }));
    await put(STATE_KEYS.network, { ...networkState, serial: 14 });
    const { stdout } = await run('history', 'network', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { serial: 14, current: true, deleted: false },
      { serial: null, current: false, deleted: true, size: 0 },
      { serial: 13, current: false, deleted: false },
      { serial: 12, current: false, deleted: false },
    ]);
  });

  it('prints time, size, serial and version of each', async () => {
    const { run } = await withNetwork();
    const [head, line] = (await run('history', 'network')).output.split('\n');
    expect(head).toMatch(/^TIME +SIZE +SERIAL +VERSION$/);
    expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC +[\d.]+ KiB +12 +[0-9a-f]{32} +current$/);
  });

  it('says how many are not listed', async () => {
    const { run, put } = await withNetwork();
    await put(STATE_KEYS.network, { ...networkState, serial: 13 });
    const { output } = await run('history', 'network', '--limit', '1');
    expect(output).toContain('1 older: --limit 2 lists all.\n');
    expect((await run('history', 'network', '--limit', 'x')).code).toBe(2);
  });

  it('says how to get one when the bucket keeps no versions', async () => {
    const { run, put } = await sampleOperator(stateCommand);
    await put(STATE_KEYS.network, networkState);
    expect((await run('history', 'network')).output).toContain('Turn them on with: npx forge bootstrap');
  });
});

describe('every forge state command', () => {
  it('says which command makes a state that is not there yet', async () => {
    const { run } = await sampleOperator(stateCommand);
    for (const args of [
      ['outputs', 'cluster'],
      ['show', 'cluster', 'a.b'],
      ['history', 'cluster'],
    ]) {
      const { code, output } = await run(...args);
      expect(code).toBe(1);
      expect(output).toContain('The stack cluster has no state yet');
      expect(output).toContain('npx cdktf deploy cluster');
    }
  });

  it('knows the stacks', async () => {
    const { run } = await sampleOperator(stateCommand);
    const { code, output } = await run('outputs', 'netwrk');
    expect(code).toBe(2);
    expect(output).toContain('There is no stack "netwrk". The stacks are network, cluster, github-secrets.');
  });

  it('names the variables that are missing', async () => {
    const { run, env } = await sampleOperator(stateCommand);
    env.SPACES_ACCESS_KEY_ID = '';
    env.SPACES_SECRET_ACCESS_KEY = '';
    const { code, output } = await run('list');
    expect(code).toBe(2);
    expect(output).toContain('SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY');
  });

  it('sends to forge bootstrap when there is no bucket', async () => {
    const { run } = await sampleOperator(stateCommand, { bucket: false });
    const { code, output } = await run('list');
    expect(code).toBe(1);
    expect(output).toContain(`There is no bucket ${BUCKET}`);
    expect(output).toContain('npx forge bootstrap');
  });

  it.each([
    ['DO00NOBODY', 'x', 'does not know the key in SPACES_ACCESS_KEY_ID'],
    ['DO00OWNER', 'x', 'SPACES_SECRET_ACCESS_KEY is not the secret'],
    ['DO00STRANGER', KEYS.DO00STRANGER!.secretKey, 'Reading the state needs read access'],
  ])('says what is wrong with the key %s', async (id, secret, message) => {
    const { run, env } = await sampleOperator(stateCommand);
    Object.assign(env, { SPACES_ACCESS_KEY_ID: id, SPACES_SECRET_ACCESS_KEY: secret });
    const { code, output } = await run('list');
    expect(code).toBe(1);
    expect(output).toContain(message);
  });

  it('says where it looked when Spaces does not answer', async () => {
    const { run, spaces } = await sampleOperator(stateCommand);
    await spaces.stop();
    const { code, output } = await run('list');
    expect(code).toBe(1);
    expect(output).toContain(`Spaces does not answer at ${spaces.endpoint}`);
  });

  it('says what it waits for when Spaces is slow', async () => {
    skipTimers(2000);
    const conditions = noConditions();
    const { run, spaces } = await sampleOperator(stateCommand, { conditions });
    injectFault(conditions, { operation: 'GetObject:*', effect: { kind: 'delay', ms: 50 } });
    const { code, output, stdout } = await run('list', 'network');
    expect(code).toBe(0);
    expect(output).toContain(`Waiting for ${spaces.endpoint} …\n`);
    expect(stdout).not.toContain('Waiting');
  });

  it.each([
    ['no JSON', 'is not a Terraform state'],
    ['{"version": 3}', 'format 3'],
  ])('refuses a state that is %j', async (content, message) => {
    const { run, put } = await sampleOperator(stateCommand);
    await put(STATE_KEYS.network, content);
    const { code, output } = await run('list', 'network');
    expect(code).toBe(1);
    expect(output).toContain(message);
  });

  it('has help with an example', async () => {
    const { run } = await sampleOperator(stateCommand);
    for (const name of ['list', 'show', 'outputs', 'history', 'locks', 'unlock']) {
      const { code, output } = await run(name, '--help');
      expect(code).toBe(0);
      expect(output).toContain(`$ npx forge state ${name}`);
    }
  });
});

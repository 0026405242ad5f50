/**
 * One server, from the first deploy to an empty account, in the order of a cluster's life.
 *
 * @jest-environment <rootDir>/test/chain.cjs
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { askDaemon } from '#sandbox/daemon/control';
import { STACKS } from '#stacks/stack-names';
import { SECRET_FILE_MODE, secretsIn } from './planted-secrets';
import { START_LIMIT_MS, startTestSandbox, type TestSandbox } from './harness';
import { startProbe } from './probe';

jest.setTimeout(180_000);

const NO_CHANGES = /No changes/;

describe('a cluster of one server', () => {
  let test: TestSandbox;

  beforeAll(async () => {
    test = await startTestSandbox();
  }, START_LIMIT_MS);
  afterAll(() => test.end());

  it('cannot be planned from the middle: the message names what is missing', async () => {
    const { code, text } = await test.cdktf(['deploy', 'cluster', '--auto-approve']);
    expect(code).toBe(1);
    expect(text).toContain('Unable to find remote state');
    expect(text).toContain('terraform_remote_state.network');
  });

  it.each([
    ['without a token', '', 'environment variable DIGITALOCEAN_TOKEN is missing'],
    ['with a wrong one', 'dop_v1_wrong', 'Unable to authenticate you'],
  ])('is refused %s of DigitalOcean, and nothing is made', async (_, token, message) => {
    const { code } = await test.cdktf(['deploy', 'network', '--auto-approve'], { DIGITALOCEAN_TOKEN: token });
    expect([code, await test.held('vpcs')]).toEqual([1, []]);
    // The CLI loses what a Terraform that fails within a second says last.
    const { text } = await test.terraform(test.stackFolder('network'), ['apply', '-auto-approve']);
    expect(joined(text)).toContain(message);
  });

  it('is deployed stack by stack, each on its own', async () => {
    await test.deploy('network');
    await test.deploy('cluster');
    await test.deploy('github-secrets');
    await test.nodesReady();
  });

  it.each([
    ['without a token', '', 'environment variable GITHUB_TOKEN is missing'],
    ['with a wrong one', 'ghp_wrong', 'Bad credentials'],
  ])('is refused %s of GitHub', async (_, token, message) => {
    const { code, text } = await test.cdktf(['deploy', 'github-secrets', '--auto-approve'], { GITHUB_TOKEN: token });
    expect(code).toBe(1);
    expect(joined(text)).toContain(message);
  });

  it('shows no change in a second diff', async () => {
    for (const stack of ['network', 'cluster', 'github-secrets']) {
      expect((await test.cdktf(['diff', stack])).text).toMatch(NO_CHANGES);
    }
  });

  it('shows none from the copies of the states either, in which no secret is', async () => {
    const plans = join(test.folder, 'plans');
    expect((await test.forge(['state', 'copy'])).code).toBe(0);
    const { text } = await test.forge(['plan', 'run', '--from-copies', '--out', plans]);
    expect(text.match(/: no change/g)).toHaveLength(3);
    const seen = STACKS.map((stack) => readFileSync(join(plans, `${stack}.json`), 'utf8'));
    const planted = await secretsIn(test);
    expect(planted.length).toBeGreaterThan(10);
    expect(planted.filter((secret) => seen.some((plan) => plan.includes(secret)))).toEqual([]);
  });

  it("lists Ready nodes with the kubeconfig from Terraform's outputs", async () => {
    const { text } = await test.kubectl('admin', ['get', 'nodes', '--no-headers']);
    expect(text.trim().split('\n')).toHaveLength(3);
    expect(text).not.toContain('NotReady');
  });

  it('lets operators do what RBAC says, and nothing else', async () => {
    const may = async (...question: string[]) =>
      (await test.kubectl('operators', ['auth', 'can-i', ...question])).text.trim().split('\n')[0];
    expect(await may('list', 'pods', '-n', 'rt')).toBe('no');
    const role = ['create', 'clusterrole', 'looker', '--verb=get,list', '--resource=pods'];
    await test.kubectl('admin', role);
    await test.kubectl('admin', [
      'create',
      'clusterrolebinding',
      'looker',
      '--clusterrole=looker',
      '--group=forge:operators',
    ]);
    expect(await may('list', 'pods', '-n', 'rt')).toBe('yes');
    expect(await may('get', 'secrets', '-n', 'rt')).toBe('no');
    expect(await may('delete', 'pods', '-n', 'rt')).toBe('no');
  });

  it('finds a firewall that somebody opened, and closes it again', async () => {
    const { id, ...firewall } = (await test.held('firewalls')).find(({ name }) => name === 'forge-production-servers');
    const everywhere = { protocol: 'tcp', ports: '6443', sources: { addresses: ['0.0.0.0/0'] } };
    await test.cloud.put(`/v2/firewalls/${id}`, { ...firewall, inbound_rules: [everywhere] });
    const { text } = await test.cdktf(['diff', 'network']);
    expect(text).toContain('digitalocean_firewall.firewall_servers');
    expect(text).toMatch(/0 to add, 1 to change, 0 to destroy/);
    await test.deploy('network');
    expect((await test.cdktf(['diff', 'network'])).text).toMatch(NO_CHANGES);
  });

  it('makes a deleted secret again, with its tracking', async () => {
    await test.kubectl('admin', ['delete', 'secret', 'postgres-secret', '-n', 'rt']);
    await test.deploy('github-secrets');
    const secrets = await test.list('secrets', 'rt');
    const secret = secrets.find(({ metadata }) => metadata.name === 'postgres-secret');
    expect(secret.metadata.annotations).toMatchObject({
      'argocd.argoproj.io/tracking-id': 'layer-02-database:/Secret:rt/postgres-secret',
      'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
    });
    const password = Buffer.from(secret.data.POSTGRES_PASSWORD as string, 'base64').toString();
    expect(password).toBe(test.sandbox.env['POSTGRES_PASSWORD']);
  });

  it('sends a changed secret at the next deploy, and plans without secrets show no change', async () => {
    const changed = { POSTGRES_PASSWORD: 'another-password' };
    expect((await test.cdktf(['deploy', 'github-secrets', '--auto-approve'], changed)).code).toBe(0);
    const [secret] = (await test.list('secrets', 'rt')).filter(({ metadata }) => metadata.name === 'postgres-secret');
    expect(Buffer.from(secret.data.POSTGRES_PASSWORD as string, 'base64').toString()).toBe('another-password');
    const absent = Object.fromEntries(secretNames().map((name) => [name, '']));
    expect((await test.cdktf(['diff', 'github-secrets'], absent)).text).toMatch(NO_CHANGES);
  });

  it('tells Argo CD when the repository moves', async () => {
    test.configure(['repository'], 'example/moved');
    await test.deploy('cluster');
    expect(await secretValue('argocd', 'forge-repository', 'url')).toBe('git@github.com:example/moved.git');
    test.configure(['repository'], test.sandbox.config.repository);
  });

  it('brings what a raised number under rotation makes anew to whom it is for', async () => {
    const secrets = () =>
      Promise.all([
        secretValue('argocd', 'argocd-secret', 'webhook.github.secret'),
        secretValue('argocd', 'forge-repository', 'sshPrivateKey'),
        secretValue('rt', 'backup-secret', 'ACCESS_KEY_ID'),
      ]);
    const before = await secrets();
    for (const name of ['webhookSecret', 'deployKey', 'backupKey']) test.configure(['rotation', name], 2);
    for (const stack of STACKS) await test.deploy(stack);
    const [webhookSecret, deployKey, backupKey] = await secrets();
    expect([webhookSecret, deployKey, backupKey].filter((value) => before.includes(value))).toEqual([]);
    const { text } = await test.terraform(test.stackFolder('cluster'), ['output', '-raw', 'deploy_key']);
    expect(holdsPublicKey(deployKey, text)).toBe(true);
    const keys = (await test.held('spaces/keys')).map(({ access_key }) => access_key as string);
    expect([keys.includes(backupKey), keys.includes(before[2])]).toEqual([true, false]);
  });

  it('starts the cloud controller again when its token is another, and not when a plan has none', async () => {
    const before = await cloudControllers();
    await test.deploy('cluster');
    expect(await cloudControllers()).toEqual(before);
    const token = { FORGE_CLUSTER_TOKEN: 'dop_v1_rotated' };
    expect((await test.cdktf(['deploy', 'cluster', '--auto-approve'], token)).code).toBe(0);
    expect(await cloudControllers()).not.toEqual(before);
    expect((await test.cdktf(['diff', 'cluster'], { FORGE_CLUSTER_TOKEN: '' })).text).toMatch(NO_CHANGES);
  });

  it('stops a deploy that lacks the value of a new secret, and names both', async () => {
    const entry = { name: 'mon-app-secret', namespace: 'rt', layer: 'layer-03-apps', data: { TOKEN: 'MON_APP_TOKEN' } };
    test.configure(['secrets', test.sandbox.config.secrets.length], entry);
    const { code, text } = await test.cdktf(['deploy', 'github-secrets', '--auto-approve']);
    expect(code).toBe(1);
    const message = joined(text);
    expect(message).toContain('environment variable MON_APP_TOKEN is missing');
    expect(message).toContain('rt/mon-app-secret');
    const { code: fine } = await test.cdktf(['deploy', 'github-secrets', '--auto-approve'], { MON_APP_TOKEN: 'here' });
    expect(fine).toBe(0);
  });

  it('replaces nothing when user data changes', async () => {
    test.configure(['workers', 0, 'labels'], { 'example.org/disk': 'ssd' });
    expect((await test.cdktf(['diff', 'network'])).text).toMatch(NO_CHANGES);
  });

  it('replaces a pool by its generation, the new nodes before the old, and moves what runs there', async () => {
    const before = await nodeNames();
    const probe = await startProbe(test);
    test.configure(['workers', 0, 'generation'], 2);
    const { code, text } = await test.cdktf(['deploy', 'network', '--auto-approve']);
    expect(code).toBe(0);
    const created = text.search(/workers_general_2\b.*: Creation complete/);
    const destroyed = text.search(/workers_general_2\b.*deposed object \w+\): Destroying/);
    expect(created).toBeGreaterThan(-1);
    expect(destroyed).toBeGreaterThan(created);
    await test.nodesReady();
    expect(await probe.end('-general-g2-')).toEqual({ goneTooEarly: [], withoutNode: [], fewestOfPair: 1 });
    const after = await nodeNames();
    expect(after).toHaveLength(3);
    expect(after.filter((name) => before.includes(name))).toEqual(before.filter((name) => name.includes('-server-')));
    expect(after.filter((name) => name.includes('-general-g2-'))).toHaveLength(2);
  });

  it('makes its only server anew with another key of the snapshots, and comes back from its newest one', async () => {
    const { controlSocket } = test.sandbox.folder;
    const keys = async () => (await test.held('spaces/keys')).map(({ access_key }) => access_key as string);
    const [before, server] = [await keys(), await serverId()];
    await test.kubectl('admin', ['create', 'namespace', 'kept']);
    expect(await askDaemon<string[]>(controlSocket, '/snapshot')).toHaveLength(1);
    test.configure(['rotation', 'snapshotKey'], 2);
    test.configure(['servers', 'generation'], 2);
    await test.deploy('network');
    await test.nodesReady();
    expect(await serverId()).not.toBe(server);
    expect((await keys()).filter((key) => !before.includes(key))).toHaveLength(1);
    expect((await test.kubectl('admin', ['get', 'namespace', 'kept'])).code).toBe(0);
    expect(await askDaemon<string[]>(controlSocket, '/snapshot')).toHaveLength(1);
    expect((await test.cdktf(['diff', 'network'])).text).toMatch(NO_CHANGES);
  });

  it('stops a second deploy while the state is locked, names the holder, and lets go when told', async () => {
    const info = {
      ID: '11111111-2222-3333-4444-555555555555',
      Operation: 'OperationTypeApply',
      Who: 'marie@laptop',
      Version: '1.11.4',
      Created: '2026-11-23T08:00:00Z',
      Info: '',
      Path: '',
    };
    await putLock(JSON.stringify(info));
    const { code, text } = await test.cdktf(['deploy', 'network', '--auto-approve']);
    expect(code).toBe(1);
    expect(text).toContain('marie@laptop');
    expect((await test.forge(['state', 'locks'])).text).toContain('marie@laptop');
    expect((await test.forge(['state', 'unlock', 'network', '--id', info.ID])).code).toBe(0);
    expect((await test.cdktf(['diff', 'network'])).text).toMatch(NO_CHANGES);
  });

  it('has no secret in clear in plans, logs, process lists, or files that others may read', async () => {
    const planted = await secretsIn(test);
    expect(planted.length).toBeGreaterThan(10);
    const plans = await Promise.all(
      ['network', 'cluster', 'github-secrets'].map((stack) => test.cdktf(['diff', stack])),
    );
    const logs = [join(test.folder, 'cdktf.log'), test.sandbox.folder.log].map((file) => readFileSync(file, 'utf8'));
    const processes = execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' });
    for (const text of [...plans.map((plan) => plan.text), ...logs, processes]) {
      for (const secret of planted) expect(text.includes(secret)).toBe(false);
    }
    for (const file of readableByOthers(test.folder)) {
      const text = readFileSync(file, 'latin1');
      expect([file, planted.filter((secret) => text.includes(secret))]).toEqual([file, []]);
    }
  });

  it('is destroyed in reverse order, and leaves an empty account', async () => {
    for (const stack of ['github-secrets', 'cluster', 'network']) {
      const { code, text } = await test.cdktf(['destroy', stack, '--auto-approve']);
      expect([stack, code, code === 0 ? '' : text]).toEqual([stack, 0, '']);
    }
    for (const kind of ['droplets', 'vpcs', 'firewalls', 'load_balancers', 'reserved_ips', 'spaces/keys']) {
      expect([kind, await test.held(kind)]).toEqual([kind, []]);
    }
  });

  it('leaves no process and no file behind', async () => {
    const { path, sockets } = test.sandbox.folder;
    const { code } = await test.forge(['sandbox', 'down', '--folder', path]);
    expect(code).toBe(0);
    expect(existsSync(path)).toBe(false);
    expect(existsSync(sockets)).toBe(false);
    const processes = execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' });
    expect(processes.split('\n').filter((line) => line.includes(path))).toEqual([]);
  });

  /** How Argo CD gets at the repository. */
  async function secretValue(namespace: string, name: string, key: string): Promise<string> {
    const secret = (await test.list('secrets', namespace)).find(({ metadata }) => metadata.name === name);
    return Buffer.from(secret.data[key] as string, 'base64').toString();
  }

  /** Names of its pods: another name is another start. */
  async function cloudControllers(): Promise<string[]> {
    const pods = await test.list('pods', 'kube-system');
    return pods
      .filter(({ metadata }) => metadata.labels?.app === 'digitalocean-cloud-controller-manager')
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name as string);
  }

  function secretNames(): string[] {
    return [
      'FORGE_CLUSTER_TOKEN',
      ...test.sandbox.config.secrets.flatMap(({ data }) => Object.values(data)),
      'MON_APP_TOKEN',
    ];
  }

  async function serverId(): Promise<number> {
    return (await test.held('droplets')).find(({ name }) => name.includes('-server-')).id as number;
  }

  async function nodeNames(): Promise<string[]> {
    return (await test.list('nodes')).map(({ metadata }) => metadata.name as string).sort();
  }

  async function putLock(content: string): Promise<void> {
    const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
    const { env, config } = test.sandbox;
    const client = new S3Client({
      region: 'us-east-1',
      endpoint: env['SPACES_ENDPOINT_URL']!,
      forcePathStyle: true,
      credentials: { accessKeyId: env['SPACES_ACCESS_KEY_ID']!, secretAccessKey: env['SPACES_SECRET_ACCESS_KEY']! },
    });
    const key = `${config.name}/${config.environment}/network.tfstate.tflock`;
    await client.send(new PutObjectCommand({ Bucket: config.state.bucket, Key: key, Body: content }));
    client.destroy();
  }

  function readableByOthers(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => (statSync(file).mode & 0o777 & ~SECRET_FILE_MODE) !== 0);
  }
});

/** Terraform's text without its frames and line breaks. */
function joined(text: string): string {
  return text.replace(/[│\s]+/g, ' ');
}

/** A private key in OpenSSH's form holds its public key as it stands. */
function holdsPublicKey(privateKey: string, publicKey: string): boolean {
  const bytes = Buffer.from(privateKey.replace(/-----.*-----/g, ''), 'base64');
  return bytes.includes(Buffer.from(publicKey.split(' ')[1]!, 'base64'));
}

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { kubeconfigCommand } from '#cli/kubeconfig/command';
import { newFolder } from '#test/new-folder';
import { sampleSigner, type SampleSigner } from '#test/clients/kubernetes/sample-signer';
import type { SampleApi } from '#test/clients/kubernetes/sample-api';
import { API_ADDRESS, sampleCluster, type SampleCluster } from '../access/sample-cluster';
import { listOperators } from './operators';

/** Server, authority, certificate and key. */
function credentialsOf(file: string): string[] {
  type Values = Record<string, string>;
  const { clusters, users } = parse(readFileSync(file, 'utf8')) as { clusters: any[]; users: any[] };
  const [cluster, user] = [clusters[0].cluster as Values, users[0].user as Values];
  const data = [cluster['certificate-authority-data'], user['client-certificate-data'], user['client-key-data']];
  return [cluster['server']!, ...data.map((text) => atob(text!))];
}

describe('forge kubeconfig', () => {
  let cluster: SampleCluster;
  let api: SampleApi;
  let signer: SampleSigner;
  let folder: string;
  let isScreen: boolean;

  beforeEach(async () => {
    isScreen = true;
    cluster = await sampleCluster((terminal) => kubeconfigCommand(terminal, isScreen));
    folder = newFolder('kubeconfig');
    signer = sampleSigner();
    api = await cluster.startApi((asked) => signer.answer(asked));
    cluster.operator.env['KUBECONFIG'] = join(folder, 'kube', 'config');
  });
  afterEach(() => api.close());

  const run = (...args: string[]) => cluster.operator.run(...args);
  const file = () => join(folder, 'kubeconfig.yaml');
  const merged = () => join(folder, 'kube', 'config');
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  const KEY = 'client-key-data: ';
  const list = (...names: string[]) => listOperators(cluster.operator, names);

  it('writes access with a new certificate for its owner only, and prints none of it', async () => {
    const { code, output } = await run('--out', file());
    expect([code, output]).toEqual([0, expect.any(String)]);
    expect(credentialsOf(file())).toEqual([
      `https://${API_ADDRESS}:6443`,
      api.access.clusterCaCertificate,
      'certificate of O=forge:operators, CN=forge:operator',
      expect.stringContaining('BEGIN PRIVATE KEY'),
    ]);
    expect(signer.signed).toEqual([{ subject: 'O=forge:operators, CN=forge:operator', days: 7 }]);
    expect(modeOf(file())).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['kubeconfig.yaml']);
    expect(output).toContain('forge-production-operators');
    expect(output).not.toContain(KEY);
  });

  it("writes the admin's when asked", async () => {
    await run('--admin', '--out', file());
    expect(credentialsOf(file())[3]).toBe(api.access.clientKey);
    expect(signer.signed).toEqual([]);
  });

  it('is for a person of forge.yaml, for 30 days or fewer', async () => {
    await list('alice');
    await run('--out', file());
    await list('alice', 'bob');
    await run('--as', 'bob', '--days', '3', '--out', file());
    expect(signer.signed).toEqual([
      { subject: 'O=forge:operators, CN=alice', days: 30 },
      { subject: 'O=forge:operators, CN=bob', days: 3 },
    ]);
  });

  it.each([
    [[], 'For whom? Say --as and a name: alice, bob'],
    [['--as', 'carol'], 'carol is no operator in forge.yaml. There are: alice, bob'],
    [['--as', 'bob', '--days', '31'], 'from 1 to 30'],
    [['--as', 'bob', '--admin'], '--as and --days are for operators'],
  ])('makes nothing with %j', async (args, message) => {
    await list('alice', 'bob');
    expect(await run('--out', file(), ...args)).toMatchObject({ code: 2, output: expect.stringContaining(message) });
    expect([signer.signed, existsSync(file())]).toEqual([[], false]);
  });

  it('prints it into a pipe or when asked, but not to a screen by itself', async () => {
    const refused = await run();
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    for (const option of ['--merge', '--out FILE', '--out -']) expect(refused.output).toContain(option);
    expect((await run('--out', '-')).stdout).toContain(KEY);
    isScreen = false;
    expect((await run()).stdout).toContain(KEY);
  });

  it('makes a file that others could read private, and says so', async () => {
    writeFileSync(file(), 'old', { mode: 0o644 });
    chmodSync(file(), 0o644);
    expect((await run('--out', file())).output).toContain('could be read by others');
    expect(modeOf(file())).toBe(0o600);
    expect((await run('--out', file())).output).not.toContain('could be read by others');
  });

  it('writes through no link, and over nothing but a file', async () => {
    const target = join(folder, 'elsewhere');
    writeFileSync(target, 'old');
    symlinkSync(target, file());
    expect(await run('--out', file())).toMatchObject({ code: 1, output: expect.stringContaining(`link to ${target}`) });
    expect(readFileSync(target, 'utf8')).toBe('old');
    expect(await run('--out', folder)).toMatchObject({ code: 1, output: expect.stringContaining('no ordinary file') });
    expect(await run('--out', join(target, 'x'))).toMatchObject({
      code: 1,
      output: expect.stringContaining('cannot be'),
    });
  });

  it('merges into the file that kubectl uses, made if there is none', async () => {
    const { code, output } = await run('--merge');
    expect(code).toBe(0);
    expect(output).toContain('kubectl --context forge-production-operators');
    expect([modeOf(merged()), modeOf(join(folder, 'kube'))]).toEqual([0o600, 0o700]);
    await run('--merge', '--admin', '--use');
    const text = readFileSync(merged(), 'utf8');
    for (const context of ['operators', 'admin']) expect(text).toContain(`- name: forge-production-${context}\n`);
    expect(text).toContain('current-context: forge-production-admin\n');
    expect(readdirSync(join(folder, 'kube'))).toEqual(['config']);
  });

  describe('with several files in KUBECONFIG', () => {
    const paths = (...names: string[]) => names.map((name) => (name === '' ? '' : join(folder, name))).join(':');
    const OTHER = 'kind: Config\ncurrent-context: work\n';

    it.each([
      ['makes the last one where there is none, as kubectl does', ['a', 'b'], [], 'b'],
      ['makes a file, not an empty part of the list', ['', 'a', ''], [], 'a'],
      ['takes the first that exists', ['a', 'b', 'c'], ['b', 'c'], 'b'],
      ['takes a file once that is named twice', ['a', './a', 'b'], ['a'], 'a'],
    ])('%s', async (_, named, existing, changed) => {
      cluster.operator.env['KUBECONFIG'] = paths(...named);
      for (const name of existing) writeFileSync(join(folder, name), OTHER);
      expect(await run('--merge')).toMatchObject({ code: 0, output: expect.stringContaining(join(folder, changed)) });
      const text = readFileSync(join(folder, changed), 'utf8');
      expect(text).toContain('- name: forge-production-operators');
      expect(text).toContain(existing.length > 0 ? 'current-context: work' : 'current-context: forge-production');
      expect(readdirSync(folder).toSorted()).toEqual(Array.from(new Set([...existing, changed])).toSorted());
      for (const name of existing.filter((one) => one !== changed))
        expect(readFileSync(join(folder, name), 'utf8')).toBe(OTHER);
    });

    it('changes none of them when one is no file, or no kubeconfig', async () => {
      for (const name of ['a', 'c']) writeFileSync(join(folder, name), name === 'a' ? OTHER : 'users: yes');
      mkdirSync(join(folder, 'b'));
      cluster.operator.env['KUBECONFIG'] = paths('a', 'b');
      expect(await run('--merge')).toMatchObject({
        code: 1,
        output: expect.stringContaining(`${join(folder, 'b')} cannot be read: it is a directory`),
      });
      cluster.operator.env['KUBECONFIG'] = paths('a', 'c');
      expect(await run('--merge')).toMatchObject({
        code: 1,
        output: expect.stringContaining(`${join(folder, 'c')} was left as it is`),
      });
      expect(readFileSync(join(folder, 'a'), 'utf8')).toBe(OTHER);
      expect(readdirSync(folder).toSorted()).toEqual(['a', 'b', 'c']);
    });

    it('refuses a list without a file', async () => {
      cluster.operator.env['KUBECONFIG'] = '::';
      expect(await run('--merge')).toMatchObject({ code: 2, output: expect.stringContaining('names no file') });
    });
  });

  it('leaves a file as it is that is no kubeconfig, or that kubectl is changing', async () => {
    mkdirSync(join(folder, 'kube'));
    writeFileSync(merged(), 'users: yes');
    expect(await run('--merge')).toMatchObject({ code: 1, output: expect.stringContaining('users is not a list') });
    writeFileSync(`${merged()}.lock`, '');
    expect(await run('--merge')).toMatchObject({ code: 1, output: expect.stringContaining('is changing') });
    expect(readFileSync(merged(), 'utf8')).toBe('users: yes');
    expect(existsSync(`${merged()}.lock`)).toBe(true);
  });

  it('says what to deploy when there is no cluster, and writes nothing', async () => {
    await cluster.operator.put('forge/production/network.tfstate', { version: 4, outputs: {} });
    expect(await run('--out', file())).toMatchObject({
      code: 1,
      output: expect.stringContaining('cdktf deploy network'),
    });
    expect(existsSync(file())).toBe(false);
  });

  it.each([[['--merge', '--out', 'x']], [['--use', '--out', 'x']]])('refuses %j', async (args) => {
    expect(await run(...args)).toMatchObject({ code: 2 });
  });
});

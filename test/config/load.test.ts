import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#config/load';
import { newFolder } from '#test/new-folder';

const SHORT = `name: forge
region: fra1
domain: forge.example.org
acmeEmail: ops@example.org
repository: example/forge
state: { bucket: forge-terraform-state, region: fra1 }
network: { cidr: 10.110.0.0/20 }
workers: [{ name: general, count: 2, size: s-4vcpu-8gb }]
`;

describe('loadConfig', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = newFolder('config');
    file = join(folder, 'forge.yaml');
  });

  const load = (text: string) => {
    writeFileSync(file, text);
    return loadConfig(file);
  };

  it('fills in what is left out', () => {
    expect(load(SHORT)).toEqual({
      name: 'forge',
      environment: 'production',
      region: 'fra1',
      domain: 'forge.example.org',
      acmeEmail: 'ops@example.org',
      repository: 'example/forge',
      revision: 'main',
      state: { bucket: 'forge-terraform-state', region: 'fra1', lockfile: true },
      network: { cidr: '10.110.0.0/20' },
      access: { api: [], ssh: [], web: ['0.0.0.0/0', '::/0'] },
      servers: { count: 1, size: 's-2vcpu-4gb', generation: 1 },
      workers: [{ name: 'general', count: 2, size: 's-4vcpu-8gb', generation: 1, labels: {}, taints: [] }],
      kubernetes: { version: 'v1.36.4+k3s1' },
      snapshots: { schedule: '0 */6 * * *', retention: 28 },
      backups: { enabled: true, schedule: '17 2 * * *', retention: 30 },
      dns: { managed: true },
      git: { sshPort: 22 },
      alerts: { email: [] },
      rotation: {
        webhookSecret: 1,
        deployKey: 1,
        backupKey: 1,
        snapshotKey: 1,
        slackWebhook: 1,
        loginClients: 1,
        joinTokens: 1,
        adminCertificate: 1,
      },
      maintenance: { days: ['sa', 'su'], hours: '03:00-06:00' },
      operators: [],
      secrets: [],
    });
  });

  describe('of the repository on GitHub', () => {
    const long = (length: number) => 'a'.repeat(length);
    const withRepository = (name: string) => load(SHORT.replace('example/forge', JSON.stringify(name)));

    it.each([
      'mona-cat_acme/forge',
      'acme_admin/forge',
      'a_abc/forge',
      'A_12345678/x',
      'Mona/Forge',
      'old--name/forge',
      '1/2',
      'mona/.github',
      'mona/mona.github.io',
      'mona/-_.',
      'mona/...',
      'mona/git',
      'mona/.git.x',
      `${long(39)}/${long(100)}`,
      `${long(30)}_acmecorp/forge`,
    ])('takes %s', (name) => {
      expect(withRepository(name).repository).toBe(name);
    });

    it.each([
      'mona',
      'mona/',
      '/forge',
      'mona/forge/x',
      '-mona/forge',
      'mona-/forge',
      'mona-_acme/forge',
      '_acme/forge',
      'mona_/forge',
      'mona_ac/forge',
      'mona_acmecorps/forge',
      'mona_cat_acme/forge',
      'mona_ac-me/forge',
      'mona.cat/forge',
      'möna/forge',
      'mona/for ge',
      'mona/forge.git',
      'mona/forge.GIT',
      'mona/.git',
      'mona/forge.wiki',
      'mona/.',
      'mona/..',
      'mona/forge\n',
      `${long(40)}/forge`,
      `${long(31)}_acmecorp/forge`,
      `mona/${long(101)}`,
      'github.com/mona/forge',
      'git@github.com:mona/forge',
    ])('refuses %j', (name) => {
      expect(() => withRepository(name)).toThrow('owner/name of a GitHub repository');
    });
  });

  it('says where each fault is, in the order of the lines', () => {
    const text = SHORT.replace('count: 2', 'count: many').replace('fra1\n', 'fra9\n').concat('extra: true\n');
    expect(() => load(text)).toThrow(
      [
        `${file} has 3 faults:`,
        `  region  (${file}:2:1)\n    found:   "fra9"\n    allowed: a region of config/digitalocean-catalogue.json; the nearest is fra1`,
        `  workers[0].count  (${file}:8:28)\n    found:   "many"\n    allowed: a whole number of nodes, 0 to 99`,
        `  extra  (${file}:9:1)\n    found:   the unknown key "extra"\n    allowed: did you mean `,
      ].join('\n\n'),
    );
  });

  it('names a single fault as one', () => {
    expect(() => load(SHORT.replace('fra1\n', 'fra9\n'))).toThrow(`${file} has a fault:`);
  });

  it('finds faults between keys even when there are others in the same list', () => {
    const workers = `workers:
  - { name: general, count: 1, size: s-4vcpu-8gb }
  - { name: general, count: none, size: s-4vcpu-8gb }
`;
    const attempt = () => load(SHORT.replace(/workers.*\n/, workers));
    expect(attempt).toThrow('workers[1].name');
    expect(attempt).toThrow('workers[1].count');
  });

  it('does not judge a wrong value a second time', () => {
    expect(() => load(SHORT.replace('count: 2', 'count: none'))).toThrow(`${file} has a fault:`);
  });

  it.each([
    ['a line that YAML cannot read', 'name: forge\nstate:\n  bucket: one\n   region: fra1\n', ':3:'],
    ['a tab', 'state:\n\tbucket: one\n', ':2:'],
    ['an alias without its anchor', 'region: *nowhere\n', ':1:'],
    ['an alias that leads into itself', 'state: &state { bucket: *state }\n', ':1:'],
  ])('refuses %s and says where', (_, text, place) => {
    expect(() => load(text)).toThrow(`${file} is not valid YAML:\n  ${file}${place}`);
  });

  it.each([
    ['', 'nothing'],
    ['---\n', 'a mark'],
    ['null\n', 'null'],
  ])('says that a file is empty: %j', (text) => {
    expect(() => load(text)).toThrow(`${file} is empty. The forge.yaml of the repository is a complete example.`);
  });

  it('refuses keys that mean something to JavaScript', () => {
    expect(() => load(`${SHORT}__proto__: { name: other }\n`)).toThrow('the unknown key "__proto__"');
    expect(() => load(`${SHORT}constructor: other\n`)).toThrow('the unknown key "constructor"');
  });

  it('says that there is no file, and how to name another', () => {
    expect(() => loadConfig(file)).toThrow(`There is no ${file}. Work in the folder that holds forge.yaml`);
    expect(() => loadConfig(file)).toThrow('FORGE_CONFIG');
  });

  it('says that a folder is no file', () => {
    mkdirSync(file);
    expect(() => loadConfig(file)).toThrow(`${file} is a folder.`);
  });

  it('names a file in the working directory by its short path', () => {
    expect(() => loadConfig(join(process.cwd(), 'no-such-forge.yaml'))).toThrow('There is no no-such-forge.yaml.');
  });

  it.each(['planted-p4ssword', 'dop_v1_0123456789abcdef', 'ghp_0123456789abcdef'])(
    'never repeats %s, pasted where a name belongs',
    (value) => {
      const secrets = `secrets:
  - { name: one, namespace: rt, layer: layer-03-apps, data: { key: ${value} } }
operators: [{ name: alice, ageRecipient: AGE-SECRET-KEY-1${value} }]
`;
      const attempt = () => load(SHORT + secrets);
      expect(attempt).toThrow('not shown as they may be a secret');
      expect(attempt).not.toThrow(value);
    },
  );
});

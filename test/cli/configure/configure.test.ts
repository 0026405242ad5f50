import { join } from 'node:path';
import { configure, type Configured } from '#cli/configure/configure';
import { readManifests } from '#cli/manifests/folder';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { isDelivered } from '#test/k8s/manifests';

const CHECKOUT = join(__dirname, '../../..');
const committed = loadConfig(join(CHECKOUT, 'forge.yaml'));
const manifests = new Map([...readManifests(join(CHECKOUT, 'k8s'))].filter(([file]) => isDelivered(file)));
const other: ForgeConfig = {
  ...committed,
  name: 'smithy',
  environment: 'staging',
  domain: 'tools.acme.dev',
  acmeEmail: 'certificates@acme.dev',
  repository: 'acme/smithy',
  revision: 'stable',
  network: { cidr: '10.99.0.0/20' },
  git: { sshPort: 2222 },
  mail: { host: 'smtp.acme.dev', port: 2525, from: 'forge@acme.dev', username: 'smithy' },
  backups: { ...committed.backups, schedule: '0 4 * * *', enabled: false },
};

const INGRESS = `# Which name people type.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: gitea
spec:
  rules:
    - host: gitea.old.example # the old one
  tls:
    - hosts: ['gitea.old.example']
`;

function changed(files: Record<string, string>, config = other): Record<string, string> {
  return Object.fromEntries(configure(config, new Map(Object.entries(files))).files);
}

describe('configure', () => {
  let asOther: Configured;
  beforeAll(() => void (asOther = configure(other, manifests)));

  it('writes the values in place and leaves comments, order and spaces alone', () => {
    expect(changed({ 'a.yaml': INGRESS })['a.yaml']).toBe(
      INGRESS.replace('host: gitea.old.example #', 'host: gitea.tools.acme.dev #').replace(
        "['gitea.old.example']",
        '[gitea.tools.acme.dev]',
      ),
    );
  });

  const BINDING = `kind: RoleBinding
metadata: { name: forge-operators }
subjects:
  # By name.
  - kind: User
    apiGroup: rbac.authorization.k8s.io
    name: forge:operator
roleRef: {}
`;
  const named = (...names: string[]) => ({
    ...other,
    operators: names.map((name) => ({ name, ageRecipient: '' })),
  });

  it('gives rights to every operator by name, and to nobody else', () => {
    const subject = (name: string) => `  - kind: User\n    apiGroup: rbac.authorization.k8s.io\n    name: ${name}\n`;
    const [start, end] = BINDING.split(subject('forge:operator'));
    const of = (...names: string[]) => start + names.map(subject).join('') + end;
    const both = changed({ 'a.yaml': BINDING }, named('alice', 'null'))['a.yaml']!;
    expect(both).toBe(of('alice', "'null'"));
    expect(changed({ 'a.yaml': both }, named('alice', 'null'))['a.yaml']).toBe(both);
    expect(changed({ 'a.yaml': both }, named('bob'))['a.yaml']).toBe(of('bob'));
    expect(changed({ 'a.yaml': both })['a.yaml']).toBe(BINDING);
    expect(configure(named('bob'), new Map([['a.yaml', both]])).changes).toMatchObject([
      { found: 'alice null', wanted: 'bob', line: 5 },
    ]);
  });

  it('lets in the addresses that may come in, and no others', () => {
    const list = (...ranges: string[]) =>
      `kind: Middleware\nmetadata: { name: access }\nspec:\n  ipAllowList:\n    sourceRange:\n${ranges.map((range) => `      - ${range}\n`).join('')}# The end.\n`;
    const allowing = (...web: string[]) => ({ ...other, access: { ...other.access, web } });
    const few = changed({ 'a.yaml': list('0.0.0.0/0', '::/0') }, allowing('192.0.2.0/24', '2001:db8::/48', '::/0'));
    expect(few['a.yaml']).toBe(list('192.0.2.0/24', '2001:db8::/48', '::/0'));
    expect(changed(few, allowing('192.0.2.0/24', '2001:db8::/48', '::/0'))).toEqual(few);
    expect(changed(few)['a.yaml']).toBe(list('0.0.0.0/0', '::/0'));
  });

  it('says what it changed, and where', () => {
    const { changes } = configure(other, new Map([['03-apps/gitea.yaml', INGRESS]]));
    expect(changes).toEqual(
      [
        { line: 8, at: 'Ingress gitea spec.rules.0.host' },
        { line: 10, at: 'Ingress gitea spec.tls.0.hosts.0' },
      ].map((place) => ({
        file: '03-apps/gitea.yaml',
        found: 'gitea.old.example',
        wanted: 'gitea.tools.acme.dev',
        ...place,
      })),
    );
  });

  it('changes nothing the second time', () => {
    const second = configure(other, asOther.files);
    expect(asOther.changes.length).toBeGreaterThan(20);
    expect(second.changes).toEqual([]);
    expect([...second.files]).toEqual([...asOther.files]);
  });

  it('leads back to the same files', () => {
    expect([...configure(committed, asOther.files).files]).toEqual([...manifests]);
  });

  it('leaves nothing of the old configuration behind', () => {
    for (const [file, text] of asOther.files) {
      for (const old of [committed.domain, committed.acmeEmail, committed.repository, committed.network.cidr]) {
        expect([file, old, text.includes(old)]).toEqual([file, old, false]);
      }
    }
  });

  it.each([
    ['00-infra/traefik.yaml', 'hostname: forge.tools.acme.dev'],
    ['00-infra/traefik.yaml', '- 10.99.0.0/20'],
    ['01-init/cluster-issuers.yaml', 'email: certificates@acme.dev'],
    ['01-init/argocd-ingress.yaml', '- host: argocd.tools.acme.dev'],
    ['03-apps/backup.yaml', 'schedule: 0 4 * * *'],
    ['03-apps/backup.yaml', 'suspend: true'],
    ['03-apps/gitea.yaml', 'GITEA__server__ROOT_URL: https://gitea.tools.acme.dev/'],
    ['03-apps/backup.yaml', 'MAIL_URL: smtp://smtp.acme.dev:2525'],
    ['03-apps/backup.yaml', "forge/mail: 'true'"],
    ['03-apps/backup.yaml', 'port: 2525'],
    ['03-apps/gitea.yaml', 'GITEA__mailer__SMTP_ADDR: smtp.acme.dev'],
    ['03-apps/gitea.yaml', "GITEA__mailer__ENABLED: 'true'"],
    ['03-apps/gitea.yaml', 'port: 2525'],
    ['03-apps/jenkins.yaml', 'MAIL_HOST: smtp.acme.dev'],
    ['03-apps/jenkins.yaml', 'port: 2525'],
    ['03-apps/gitea.yaml', "GITEA__server__SSH_PORT: '2222'"],
    ['03-apps/jenkins.yaml', 'DOMAIN: tools.acme.dev'],
    ['03-apps/jenkins.yaml', 'cidr: 10.99.0.0/20'],
    ['03-apps/nginx-front-page.yaml', '<a href="https://jenkins.tools.acme.dev/">'],
    ['components/digitalocean-csi/controller.yaml', 'value: smithy-staging'],
    ['layers/layer-03-apps.yaml', 'repoURL: git@github.com:acme/smithy.git'],
    ['layers/layer-00-infra.yaml', 'targetRevision: stable'],
  ])('writes into %s: %s', (file, line) => {
    expect(asOther.files.get(file)).toContain(line);
  });

  it('carries a new k3s version into both plans, and into the label that spares nodes which have it', () => {
    const newer = { ...committed, kubernetes: { version: 'v1.37.1+k3s1' as never } };
    const text = configure(newer, manifests).files.get('components/system-upgrade-controller/plans.yaml')!;
    expect(text.match(/version: v1\.37\.1\+k3s1$/gm)).toHaveLength(2);
    expect(text.match(/- v1\.37\.1-k3s1$/gm)).toHaveLength(2);
    expect(text).not.toContain('v1.36.4');
  });

  it('leaves charts of others where they are', () => {
    expect(asOther.files.get('00-infra/cert-manager.yaml')).toBe(manifests.get('00-infra/cert-manager.yaml'));
  });

  it('quotes a value that YAML would read as something else', () => {
    const { files } = configure({ ...other, revision: '1.10' }, manifests);
    expect(files.get('layers/layer-01-init.yaml')).toContain("targetRevision: '1.10'");
  });

  it.each(['2024_01', 'no', 'y', '1e3', '0o17', '0b1', '12:30:45', '2024-01-01', '0777', 'null', '~', '.inf'])(
    'quotes the revision %s for readers of YAML 1.1, and sees where the quotes are missing',
    (revision) => {
      const config = { ...other, revision };
      const layer = changed({ 'a.yaml': manifests.get('layers/layer-01-init.yaml')! }, config)['a.yaml']!;
      expect(layer).toContain(`targetRevision: '${revision}'\n`);
      const bare = { 'a.yaml': layer.replace(`'${revision}'`, revision) };
      expect(changed(bare, config)['a.yaml']).toBe(layer);
      expect(configure(config, new Map([['a.yaml', layer]])).changes).toEqual([]);
    },
  );

  const layer = (source: string) => `kind: Application\nmetadata:\n  name: one\nspec:\n  source:${source}\n`;
  const URL = 'git@github.com:acme/smithy.git';
  const WHOLE = `\n    targetRevision: stable\n    repoURL: ${URL}\n    path: k8s/x`;

  it.each([
    ['is not there', `\n    repoURL: ${URL}\n    path: k8s/x`, WHOLE],
    ['has no value', WHOLE.replace(' stable', ''), WHOLE],
    ['has no value but a comment', WHOLE.replace('stable', ' # none'), WHOLE.replace('stable', ' stable # none')],
    ['is empty', WHOLE.replace('stable', "''"), WHOLE],
    [
      'is an alias',
      `\n    path: &x k8s/x\n    repoURL: ${URL}\n    targetRevision: *x`,
      `\n    path: &x k8s/x\n    repoURL: ${URL}\n    targetRevision: stable`,
    ],
    [
      'is not there between braces',
      ` { repoURL: '${URL}', path: k8s/x }`,
      ` { targetRevision: stable, repoURL: '${URL}', path: k8s/x }`,
    ],
  ])('reports and writes the revision of a layer that %s, also in one document of several', (_, source, wanted) => {
    const others = layer(WHOLE);
    const files = new Map([['a.yaml', `${others}---\n${layer(source)}---\n${others}`]]);
    const first = configure(other, files);
    expect(first.changes).toEqual([
      expect.objectContaining({ at: 'Application one spec.source.targetRevision', wanted: 'stable' }),
    ]);
    expect(first.files.get('a.yaml')).toBe(`${others}---\n${layer(wanted)}---\n${others}`);
    expect(configure(other, first.files).changes).toEqual([]);
  });

  it('knows a layer whose path starts with a dot', () => {
    const text = layer(WHOLE.replace('k8s/x', './k8s/x'));
    expect(changed({ 'a.yaml': text.replace('stable', 'old') })['a.yaml']).toBe(text);
  });

  it('writes the repository and the revision of a layer that lacks both', () => {
    const both = changed({ 'a.yaml': layer('\n    path: k8s/x') })['a.yaml'];
    expect(both).toBe(layer(`\n    targetRevision: stable\n    repoURL: ${URL}\n    path: k8s/x`));
  });

  it('says which rule found no place, and goes on', () => {
    const without = new Map([...manifests].filter(([file]) => file !== '03-apps/jenkins.yaml'));
    const { unplaced, files } = configure(other, without);
    expect(new Set(unplaced.map(({ kind, name }) => `${kind} ${name}`))).toEqual(
      new Set([
        ...['', '-login', '-health'].map((part) => `Ingress jenkins${part}`),
        'ConfigMap jenkins-env',
        'NetworkPolicy jenkins',
      ]),
    );
    expect(files.get('03-apps/gitea.yaml')).toContain('gitea.tools.acme.dev');
  });

  it.each([
    ['nothing', ''],
    ['comments', '# nothing\n'],
    ['a list', '- a\n---\n- b\n'],
    ['text', 'text\n---\n---\nnull\n'],
    [
      'keys without a value',
      'kind: Application\nmetadata:\nspec:\n---\nkind: ConfigMap\nmetadata: {name: x, annotations: }\ndata:\n',
    ],
    ['a kind that is a map', 'kind: {a: b}\n'],
    ['a path that is a list', 'kind: Application\nspec: {source: {path: [k8s/x]}}\n'],
  ])('leaves a file with %s as it is', (_, text) => {
    expect(changed({ 'a.yaml': text })['a.yaml']).toBe(text);
  });

  it('stops at a file that is no YAML, with its line', () => {
    expect(() => changed({ '03-apps/mon-app.yaml': 'kind: Deployment\nspec: [1\n' })).toThrow(
      /^k8s\/03-apps\/mon-app\.yaml:\d+ is not valid YAML: /,
    );
  });
});

describe('the checksum of a ConfigMap in a pod template', () => {
  const POD = `kind: Deployment
metadata:
  name: app
spec:
  template:
    metadata:
      annotations:
        checksum/settings: none
`;
  const settings = (value: string) => `kind: ConfigMap
metadata:
  name: settings
data:
  KEY: ${value}
`;
  const checksum = (value: string) =>
    /checksum\/settings: (\w+)/.exec(changed({ 'pod.yaml': POD, 'settings.yaml': settings(value) })['pod.yaml']!)![1];

  it('follows its data, wherever in the layers it stands', () => {
    expect(checksum('one')).toMatch(/^[0-9a-f]{16}$/);
    expect(checksum('one')).not.toBe(checksum('two'));
  });

  it('is the same for the same data with another comment', () => {
    expect(checksum('one # now')).toBe(checksum('one'));
  });

  it('follows the values that forge.yaml has just changed', () => {
    const annotation = (files: ReadonlyMap<string, string>) =>
      /checksum\/gitea-env: (\w+)/.exec(files.get('03-apps/gitea.yaml')!)![1];
    expect(annotation(configure(other, manifests).files)).not.toBe(annotation(manifests));
  });
});

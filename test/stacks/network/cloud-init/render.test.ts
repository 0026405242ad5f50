import { createHash } from 'node:crypto';
import { App, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { parse } from 'yaml';
import { agentUserData, serverUserData } from '#stacks/network/cloud-init/render';
import { fillTemplate } from '#stacks/network/cloud-init/template';
import { JoinTokens } from '#stacks/network/join-tokens';
import { ClusterPki } from '#stacks/network/pki';
import { cloudConfig, fileOf, filesOf } from './user-data-files';
import { agentProps, agentToken, joinerProps, joinToken, pemOf, pki, secrets, seedProps } from './user-data-samples';

/** The keys of cloud-init that the templates use. `cloud-init schema` accepts any top-level key, so a typo would pass it. */
const TOP_LEVEL_KEYS = ['bootcmd', 'package_update', 'package_upgrade', 'runcmd', 'ssh_pwauth', 'write_files'];
const LIMIT = 48 * 1024;
const TLS = '/var/lib/rancher/k3s/server/tls';
const K3S = '/etc/rancher/k3s/config.yaml';

const seed = serverUserData(seedProps());
const joiner = serverUserData(joinerProps());
const agent = agentUserData(agentProps());
const all = { seed, joiner, agent };

function k3sConfig(userData: string): Record<string, unknown> {
  return parse(fileOf(userData, K3S).content) as Record<string, unknown>;
}

function paths(userData: string): string[] {
  return filesOf(userData).map((file) => file.path);
}

describe.each(Object.entries(all))('user data of a %s', (_, userData) => {
  it('is a cloud-config with known top-level keys only', () => {
    expect(userData).toMatch(/^#cloud-config\n/);
    expect(Object.keys(cloudConfig(userData)).sort()).toEqual(TOP_LEVEL_KEYS);
  });

  it('has no hole left', () => {
    expect(userData).not.toContain('@@');
  });

  it('lets nobody but root read a file with a secret', () => {
    const open = filesOf(userData).filter((file) => file.mode !== 0o600);
    for (const { content } of open) {
      for (const secret of Object.values(secrets)) expect(content).not.toContain(secret);
      expect(content).not.toContain('PRIVATE KEY');
    }
  });

  it('allows neither passwords over SSH nor a password of root', () => {
    expect(cloudConfig(userData).ssh_pwauth).toBe(false);
    expect(cloudConfig(userData).runcmd).toContainEqual(['passwd', '--lock', 'root']);
  });

  it('leaves the node to an external cloud provider and lets load balancers check kube-proxy', () => {
    expect(k3sConfig(userData)).toMatchObject({
      'kubelet-arg': ['cloud-provider=external'],
      'kube-proxy-arg': ['healthz-bind-address=0.0.0.0'],
      'protect-kernel-defaults': true,
    });
  });

  it('lets the programs of a node watch as many files as they need', () => {
    const settings = fileOf(userData, '/etc/sysctl.d/90-forge.conf').content.split('\n');
    expect(settings).toContain('fs.inotify.max_user_instances = 8192');
    expect(settings).toContain('fs.inotify.max_user_watches = 524288');
  });

  it('gives the pinned k3s and its checksum', () => {
    expect(fileOf(userData, '/etc/forge/bootstrap.env').content).toContain(
      `K3S_VERSION=v1.36.4+k3s1\nK3S_SHA256=${'f'.repeat(64)}\n`,
    );
  });
});

describe('user data of the first server', () => {
  it('writes the eleven files of the PKI byte by byte, readable by root only', () => {
    for (const { path, pem } of pki)
      expect(fileOf(seed, `${TLS}/${path}`)).toMatchObject({ content: pem, mode: 0o600 });
  });

  it('writes the very bytes that the hash in the token is of', () => {
    const written = createHash('sha256')
      .update(fileOf(seed, `${TLS}/server-ca.crt`).content)
      .digest('hex');
    expect(joinToken).toContain(`K10${written}::`);
    expect(fileOf(seed, '/etc/forge/bootstrap.env').content).toContain(`CA_HASH=${written}\n`);
  });

  it('names no server to join: that is decided at boot', () => {
    expect(k3sConfig(seed)).toMatchObject({ token: secrets.serverPassword });
    expect(k3sConfig(seed)).not.toHaveProperty('server');
    expect(k3sConfig(seed)).not.toHaveProperty('cluster-init');
  });

  it.each([
    ['none', undefined],
    ['one missing', pki.slice(1)],
    ['one twice', [...pki.slice(1), ...pki.slice(1, 2)]],
  ])('is refused with an incomplete PKI: %s', (_, files) => {
    expect(() => serverUserData({ ...seedProps(), pki: files })).toThrow('exactly these PKI files: server-ca.crt');
  });
});

describe('user data of a further server', () => {
  it('joins the cluster with the token that pins its certificate authority', () => {
    expect(k3sConfig(joiner)).toMatchObject({ server: 'https://203.0.113.10:6443', token: joinToken });
  });

  it('holds no file of the PKI', () => {
    expect(paths(joiner).filter((path) => path.includes('/tls/'))).toEqual([]);
    expect(joiner).not.toContain(Buffer.from(pemOf('server-ca.key')).toString('base64'));
  });

  it('is refused with a PKI', () => {
    expect(() => serverUserData(joinerProps({ pki }))).toThrow('only the first server gets the PKI');
  });
});

describe('k3s settings of a server', () => {
  it('are equal on all servers where k3s demands it', () => {
    const first = serverUserData(seedProps({ servers: 3 }));
    const shared = (userData: string): Record<string, unknown> => ({
      ...k3sConfig(userData),
      token: undefined,
      server: undefined,
    });
    expect(shared(joiner)).toEqual(shared(first));
  });

  it('encrypt secrets, audit without bodies, and keep workloads away', () => {
    expect(k3sConfig(seed)).toMatchObject({
      'agent-token': secrets.agentPassword,
      'tls-san': ['203.0.113.10'],
      'cluster-cidr': '10.42.0.0/16',
      'service-cidr': '10.43.0.0/16',
      'cluster-dns': '10.43.0.10',
      'flannel-backend': 'wireguard-native',
      disable: ['servicelb', 'traefik', 'local-storage'],
      'disable-cloud-controller': true,
      'disable-helm-controller': true,
      'secrets-encryption': true,
      'write-kubeconfig-mode': '0600',
      'node-taint': ['node-role.kubernetes.io/control-plane:NoSchedule'],
    });
    const policy = fileOf(seed, '/etc/rancher/k3s/audit-policy.yaml').content;
    expect(k3sConfig(seed)['kube-apiserver-arg']).toContain('audit-policy-file=/etc/rancher/k3s/audit-policy.yaml');
    const { rules } = parse(policy) as { rules: { level: string }[] };
    expect(new Set(rules.map((rule) => rule.level))).toEqual(new Set(['None', 'Metadata']));
    expect(rules.at(-1)).toEqual({ level: 'Metadata' });
  });

  it('keep as many snapshots of each server in Spaces as on its disk', () => {
    expect(k3sConfig(joiner)).toMatchObject({ 'etcd-snapshot-retention': 28, 'etcd-s3-retention': 3 * 28 });
    expect(k3sConfig(seed)).toMatchObject({
      'etcd-snapshot-schedule-cron': '0 */6 * * *',
      'etcd-snapshot-retention': 28,
      'etcd-s3': true,
      'etcd-s3-retention': 28,
      'etcd-s3-endpoint': 'fra1.digitaloceanspaces.com',
      'etcd-s3-bucket': 'forge-test-etcd-snapshots-0a1b2c3d',
      'etcd-s3-folder': 'forge-test',
      'etcd-s3-region': 'fra1',
      'etcd-s3-access-key': secrets.accessKey,
      'etcd-s3-secret-key': secrets.secretKey,
    });
  });
});

describe('user data of a worker', () => {
  it('joins with the agent token, the labels and the taints of its pool', () => {
    expect(k3sConfig(agent)).toMatchObject({
      server: 'https://203.0.113.10:6443',
      token: agentToken,
      'node-label': ['forge/pool=general', 'forge/generation=1'],
      'node-taint': ['dedicated=jenkins:NoSchedule'],
    });
  });

  it('holds no server token, no Spaces key and no key at all', () => {
    const { serverPassword, accessKey, secretKey } = secrets;
    const everything = [agent, ...filesOf(agent).map((file) => file.content)].join('\n');
    for (const secret of [serverPassword, accessKey, secretKey, 'PRIVATE KEY', '::server:']) {
      expect(everything).not.toContain(secret);
    }
  });

  it('is refused with the token of a server', () => {
    expect(() => agentUserData(agentProps({ token: joinToken }))).toThrow('must have the form K10<hash>::node:');
  });

  it('sets no empty list for a pool without taints', () => {
    expect(k3sConfig(agentUserData(agentProps({ taints: [] })))).not.toHaveProperty('node-taint');
  });
});

describe('size of the user data', () => {
  it('stays under 48 KiB with the largest configuration', () => {
    const word = 'x'.repeat(63);
    const labels = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`${word}.example.org/label-${index}`, word]),
    );
    const taints = Array.from({ length: 20 }, (_, index) => `${word}.example.org/taint-${index}=${word}:NoSchedule`);
    expect(Buffer.byteLength(seed)).toBeLessThan(LIMIT);
    expect(Buffer.byteLength(joiner)).toBeLessThan(LIMIT);
    expect(Buffer.byteLength(agentUserData(agentProps({ labels, taints })))).toBeLessThan(LIMIT);
  });
});

describe('values that Terraform computes', () => {
  it('reach Terraform as expressions, PEM files in base64, and no password can look like a full token', () => {
    const stack = new TerraformStack(Testing.stubVersion(new App({ stackTraces: false })), 'test');
    const computedPki = new ClusterPki(stack, 'pki');
    const tokens = new JoinTokens(stack, 'join', computedPki.serverCaCertificate, 1);
    const props = seedProps({
      serverPassword: tokens.serverPassword,
      joinToken: tokens.serverToken,
      pki: computedPki.files(),
    });
    new TerraformOutput(stack, 'user_data', { value: serverUserData(props), sensitive: true });
    const synthesised = JSON.parse(Testing.synth(stack)) as { output: { user_data: { value: string } } };
    const userData = synthesised.output.user_data.value;
    const hash = String.raw`\$\{sha256\(tls_self_signed_cert\.\w*server-ca\w*\.cert_pem\)\}`;
    expect(fileOf(userData, K3S).content).toMatch(/^token: "f\$\{random_password\.\w+\.result\}"\n/);
    expect(fileOf(userData, '/etc/forge/join.yaml').content).toMatch(new RegExp(`token: "K10${hash}::server:`));
    expect(userData).toMatch(new RegExp(`CA_HASH=\\$\\{substr\\("K10${hash}::server:.+", 3, 64\\)\\}\\n`));
    expect(userData.match(/content: '\$\{base64encode\(tls_[\w.-]+_pem\)\}'/g)).toHaveLength(pki.length);
  });

  it('are the only ones that may hold anything: a literal that could break out of its place is refused, not shown', () => {
    for (const sign of ['"', "'", '\\', '\n', '$', '%']) {
      const props = agentProps({ apiAddress: `203.0.113.10${sign}x` });
      expect(() => agentUserData(props)).toThrow(/agent\.yaml, @@API_ADDRESS@@ holds .+, which cannot stand there$/);
    }
    expect(() => agentUserData(agentProps({ labels: { a: 'b"' } }))).toThrow('node-label holds');
    expect(() => agentUserData(agentProps({ apiAddress: '' }))).toThrow('@@API_ADDRESS@@ is empty');
  });
});

describe('a hole', () => {
  it('without a value is refused', () => {
    expect(() => fillTemplate('agent.yaml', { values: {} })).toThrow(
      /agent\.yaml has a hole @@\w+@@ that nothing fills/,
    );
  });

  it('that the template does not have is refused', () => {
    const fill = (): string => fillTemplate('sysctl.conf', { values: { TOKEN: 'x' } });
    expect(fill).toThrow('sysctl.conf has no hole for TOKEN');
  });

  it('is the only place where Terraform finds something to compute', () => {
    const text = fillTemplate('install-k3s.sh', { values: {} });
    expect(text).toContain('$${FORGE_ROOT:-}');
    expect(text).not.toMatch(/(?<!\$)\$\{/);
  });
});

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { accessFromKubeconfig } from '#clients/kubernetes/kubeconfig';
import { newFolder } from '#test/new-folder';
import { sampleApi, type SampleApi } from './sample-api';

type Entry = Record<string, unknown>;

describe('a kubeconfig', () => {
  let api: SampleApi;
  let access: KubernetesAccess;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    api = await sampleApi(() => undefined);
    access = api.access;
  });
  afterAll(() => api.close());
  beforeEach(() => {
    folder = newFolder('kubeconfig');
    file = join(folder, 'config');
  });

  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const clusterOf = (change: Entry = {}): Entry => ({
    server: access.server,
    'certificate-authority-data': base64(access.clusterCaCertificate),
    ...change,
  });
  const userOf = (change: Entry = {}): Entry => ({
    'client-certificate-data': base64(access.clientCertificate),
    'client-key-data': base64(access.clientKey),
    ...change,
  });
  const config = (change: { cluster?: Entry; user?: Entry; file?: Entry } = {}) => ({
    clusters: [
      { name: 'odd', cluster: null },
      { name: 'c', cluster: clusterOf(change.cluster) },
    ],
    users: [{ name: 'u', user: userOf(change.user) }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
    ...change.file,
  });
  const read = (content: string) => {
    writeFileSync(file, content);
    return accessFromKubeconfig(file);
  };
  const failureOf = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return error;
    }
    throw new Error('It was taken');
  };
  const refusal = (words: string) =>
    expect.objectContaining({ name: 'CommandFailure', exitCode: 2, message: expect.stringContaining(words) as string });

  it('is read as YAML, as JSON, with aliases and merge keys, and with files beside it', () => {
    expect(read(stringify(config()))).toMatchObject(access);
    expect(read(JSON.stringify(config()))).toMatchObject(access);
    writeFileSync(join(folder, 'cert.pem'), access.clientCertificate);
    const [ca, key] = [access.clusterCaCertificate, access.clientKey].map(base64);
    expect(
      read(
        `base: &base { certificate-authority-data: ${ca} }\nclusters: [{ name: c, cluster: { <<: *base, server: '${access.server}' } }]\n` +
          `users: [{ name: u, user: &u { client-certificate: cert.pem, client-key-data: ${key} } }, { name: v, user: *u }]\n` +
          `contexts: [{ name: x, context: { cluster: c, user: v } }]\ncurrent-context: x\n`,
      ),
    ).toMatchObject(access);
    const named = read(stringify(config({ cluster: { 'tls-server-name': 'kubernetes' } })));
    expect(named.serverName).toBe('kubernetes');
  });

  it.each([
    ['empty', '', 'no kubeconfig'],
    ['a list', '- a', 'no kubeconfig'],
    ['a text', 'hello', 'no kubeconfig'],
    ['no YAML', 'a: [', 'no kubeconfig'],
    ['an alias of nothing', 'users: *nothing', 'no kubeconfig'],
    ['cut off JSON', '{"users":', 'no kubeconfig'],
    ['without a list', 'users: {}', 'no kubeconfig'],
    ['without entries', 'current-context: x', 'names the context "x" but does not hold it'],
    ['null everywhere', 'current-context: x\ncontexts:\nusers:\nclusters:\n', 'does not hold it'],
    ['without a current context', 'contexts: []', 'has no current context'],
    ['with an empty current context', 'current-context: ""', 'has no current context'],
    ['with an empty context', 'current-context: x\ncontexts: [{ name: x }]', 'names the context "x"'],
    ['with a context of nothing', 'current-context: x\ncontexts: [{ name: x, context: {} }]', 'names no cluster'],
  ])('that is %s is refused', (_, content, words) => {
    expect(failureOf(() => read(content))).toEqual(refusal(words));
  });

  it.each<[string, { cluster?: Entry; user?: Entry; file?: Entry }]>([
    [
      'There is no such file',
      { cluster: { 'certificate-authority-data': '', 'certificate-authority': 'missing.crt' } },
    ],
    [
      'Its client-certificate is in /missing/a.crt',
      { user: { 'client-certificate-data': '', 'client-certificate': '/missing/a.crt' } },
    ],
    ['Its client-key is in', { user: { 'client-key-data': null, 'client-key': 'missing.key' } }],
    ['It is a directory', { user: { 'client-key-data': null, 'client-key': '.' } }],
    ['It is no PEM', { user: { 'client-key-data': null, 'client-key': 'config' } }],
    ['client-key-data is no base64 of PEM', { user: { 'client-key-data': 'no base64!' } }],
    ['client-certificate-data is no base64 of PEM', { user: { 'client-certificate-data': 'QUFB' } }],
    ['certificate-authority-data is no base64 of PEM', { cluster: { 'certificate-authority-data': 'QUFB' } }],
    ['has no certificate-authority', { cluster: { 'certificate-authority-data': null } }],
    ['no client-certificate but exec', { user: { 'client-certificate-data': null, exec: { command: 'doctl' } } }],
    ['no client-certificate but tokenFile', { user: { 'client-certificate-data': null, tokenFile: '/missing' } }],
    ['no client-certificate but token', { user: { 'client-certificate-data': null, token: 'secret' } }],
    ['no client-certificate but auth-provider', { user: { 'client-certificate-data': 1, 'auth-provider': {} } }],
    ['is no URL', { cluster: { server: '127.0.0.1:6443' } }],
    ['is no URL', { cluster: { server: undefined } }],
    ['names the cluster "gone"', { file: { contexts: [{ name: 'x', context: { cluster: 'gone', user: 'u' } }] } }],
    ['names the user "gone"', { file: { contexts: [{ name: 'x', context: { cluster: 'c', user: 'gone' } }] } }],
  ])('is refused: %s', (words, change) => {
    const failure = failureOf(() => read(stringify(config(change))));
    expect(failure).toEqual(refusal(words));
    expect((failure as Error).message).not.toContain('secret');
  });

  it('is refused with the key of another certificate, where it may not be read, and where it is none', async () => {
    const other = await sampleApi(() => undefined);
    await other.close();
    const user = { 'client-key-data': base64(other.access.clientKey) };
    expect(failureOf(() => read(stringify(config({ user }))))).toEqual(refusal('belongs to another'));
    expect(failureOf(() => accessFromKubeconfig(join(folder, 'none')))).toEqual(refusal('no such file'));
    mkdirSync(join(folder, 'kube'));
    expect(failureOf(() => accessFromKubeconfig(join(folder, 'kube')))).toEqual(refusal('is a directory'));
    chmodSync(file, 0);
    if (process.getuid?.() !== 0) expect(failureOf(() => accessFromKubeconfig(file))).toEqual(refusal('not yours'));
  });
});

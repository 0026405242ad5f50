import { X509Certificate } from 'node:crypto';
import { issueLeaf } from '#sandbox/cluster/k3s/leaf-certificate';
import { readPki, type Pki } from '#sandbox/cluster/k3s/pki';
import type { PkiFile } from '#stacks/network/pki';
import { authorityPair, pemOf, pkiFiles, rsaKey, withFile } from './pki-files';

const read = (files: readonly PkiFile[]): Pki =>
  readPki((path) => {
    const file = files.find((one) => one.path === path);
    return file && Buffer.from(file.pem);
  });

describe('the PKI of a cluster', () => {
  let files: PkiFile[];
  beforeAll(async () => {
    files = await pkiFiles();
  });
  const withCa = async (options: Parameters<typeof authorityPair>[1]) => {
    const { certificate, key } = await authorityPair('k3s-client-ca', options);
    return withFile(withFile(files, 'client-ca.crt', certificate), 'client-ca.key', key);
  };

  it('names itself by the hash of the server CA', () => {
    expect(read(files).hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('refuses an incomplete set, naming what is missing', () => {
    const incomplete = files.filter(({ path }) => !['service.key', 'etcd/peer-ca.key'].includes(path));
    expect(() => read(incomplete)).toThrow('lacks etcd/peer-ca.key, service.key: k3s would make up them');
  });

  it('refuses a key of another certificate', () => {
    const swapped = withFile(files, 'etcd/server-ca.key', pemOf(files, 'client-ca.key'));
    expect(() => read(swapped)).toThrow('etcd/server-ca.key is not the key of etcd/server-ca.crt');
  });

  it.each([
    ['no authority', { isCa: false }, 'is not a certificate authority'],
    ['without a subject key id', { subjectKeyId: false }, 'has no subject key id'],
    ['expired', { notAfter: new Date('2020-01-01') }, 'expired on 2020-01-01'],
  ])('refuses a certificate that is %s', async (_, options, message) => {
    const changed = await withCa(options);
    expect(() => read(changed)).toThrow(message);
  });

  it.each([
    ['server-ca.crt', 'nonsense', 'holds 0 certificates instead of one'],
    ['server-ca.crt', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'is not a certificate in PEM'],
    ['server-ca.key', 'nonsense', 'is not a private key in PEM'],
    ['service.key', rsaKey(2048, 'pkcs8'), 'must be an RSA key in PKCS#1 (RSA PRIVATE KEY), not PRIVATE KEY'],
    ['service.key', rsaKey(1024), 'is an RSA key of 1024 bits'],
  ])('refuses %s when it is wrong', (path, pem, message) => {
    expect(() => read(withFile(files, path, pem))).toThrow(message);
  });

  it('issues certificates that the authority’s own certificate verifies', async () => {
    const { authorities } = read(files);
    const { certificate } = await issueLeaf(authorities['server-ca'], {
      commonName: 'kube-apiserver',
      usages: ['server'],
      names: ['kubernetes', '127.1.2.3', '::1'],
    });
    const leaf = new X509Certificate(certificate);
    const ca = new X509Certificate(pemOf(files, 'server-ca.crt'));
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.checkIssued(ca)).toBe(true);
    expect(leaf.checkIP('127.1.2.3')).toBe('127.1.2.3');
    expect(leaf.checkHost('kubernetes')).toBe('kubernetes');
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('puts user and group into client certificates as Kubernetes reads them', async () => {
    const { certificate } = await issueLeaf(read(files).authorities['client-ca'], {
      commonName: 'system:admin',
      organization: 'system:masters',
      usages: ['client'],
    });
    expect(new X509Certificate(certificate).subject).toBe('O=system:masters\nCN=system:admin');
  });
});

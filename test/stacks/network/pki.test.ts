import { sampleConfig, synthesise } from '../sample';

type Instances = Record<string, any>;

describe('the certificate authorities', () => {
  const resources = synthesise().stacks.network['resource'] as Record<string, Instances>;
  const authorities = resources['tls_self_signed_cert']!;
  const keys = resources['tls_private_key']!;

  it('are the five that k3s expects', () => {
    expect(Object.keys(authorities).sort()).toEqual([
      'pki_client-ca',
      'pki_etcd-peer-ca',
      'pki_etcd-server-ca',
      'pki_request-header-ca',
      'pki_server-ca',
    ]);
  });

  it('may sign, for ten years, and carry the key ids by which k3s knows its leaves', () => {
    for (const authority of Object.values(authorities)) {
      expect(authority).toMatchObject({
        is_ca_certificate: true,
        set_subject_key_id: true,
        set_authority_key_id: true,
        allowed_uses: ['digital_signature', 'key_encipherment', 'cert_signing'],
        validity_period_hours: 87_600,
      });
    }
  });

  it('have P-256 keys; the service account key is RSA, which the API server reads in PKCS#1', () => {
    for (const [id, key] of Object.entries(keys)) {
      const expected =
        id === 'pki_service' ? { algorithm: 'RSA', rsa_bits: 2048 } : { algorithm: 'ECDSA', ecdsa_curve: 'P256' };
      expect(key).toMatchObject(expected);
    }
  });

  it('are all eleven files in the user data of the first server, in the encodings that k3s reads', () => {
    const userData = resources['digitalocean_droplet']!['server_1'].user_data as string;
    const files = [...userData.matchAll(/path: \/var\/lib\/rancher\/k3s\/server\/tls\/(\S+)/g)].map(([, path]) => path);
    expect(files.sort()).toEqual([
      'client-ca.crt',
      'client-ca.key',
      'etcd/peer-ca.crt',
      'etcd/peer-ca.key',
      'etcd/server-ca.crt',
      'etcd/server-ca.key',
      'request-header-ca.crt',
      'request-header-ca.key',
      'server-ca.crt',
      'server-ca.key',
      'service.key',
    ]);
    expect(userData).not.toContain('pkcs8');
  });
});

describe("the administrator's certificate", () => {
  const of = (adminCertificate: number) =>
    synthesise({ ...sampleConfig, rotation: { ...sampleConfig.rotation, adminCertificate } }).stacks.network[
      'resource'
    ] as Record<string, Instances>;
  const resources = of(1);

  it('is the only one, in a group that has no rights by itself, for a year, renewed in the last 60 days', () => {
    expect(Object.values(resources['tls_cert_request']!)).toEqual([
      expect.objectContaining({ subject: [{ common_name: 'forge:admin-1', organization: 'forge:administrators' }] }),
    ]);
    expect(resources['tls_locally_signed_cert']!['pki_admin']).toMatchObject({
      allowed_uses: ['digital_signature', 'key_encipherment', 'client_auth'],
      ca_cert_pem: '${tls_self_signed_cert.pki_client-ca.cert_pem}',
      validity_period_hours: 8_760,
      early_renewal_hours: 1_440,
    });
  });

  it('has another name in another generation', () => {
    expect(of(2)['tls_cert_request']!['pki_admin-request'].subject).toEqual([
      expect.objectContaining({ common_name: 'forge:admin-2' }),
    ]);
  });

  it('gets its rights from the first server, when the cluster is founded', () => {
    const userData = resources['digitalocean_droplet']!['server_1'].user_data as string;
    expect(userData).toContain('found-cluster.sh finish forge:admin-1\n');
  });
});

describe('join tokens', () => {
  it('pin the server certificate by the hash of its bytes', () => {
    const droplets = (synthesise().stacks.network['resource'] as Record<string, Instances>)['digitalocean_droplet']!;
    expect(droplets['workers_general_1'].user_data).toContain(
      'K10${sha256(tls_self_signed_cert.pki_server-ca.cert_pem)}::node:f${random_password.join_agent.result}',
    );
  });
});

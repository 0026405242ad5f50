/** A certificate authority made by the emulated tls provider. */
import type { ValueObject } from '#sandbox/cloud/terraform/engine/resource';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';

const { resources } = tlsProvider();

export interface SampleAuthority {
  readonly certificate: string;
  /** A key and a certificate for it. */
  issue(wanted: { usages: readonly string[]; addresses: readonly string[] }): Promise<{ key: string; cert: string }>;
}

/** Creates a resource of the tls provider with the defaults of what is not given. */
export async function made(type: string, given: ValueObject): Promise<Record<string, string>> {
  const resource = resources[type]!;
  const planned = { ...resource.defaults, ...given };
  const { signal } = new AbortController();
  return (await resource.create({ client: null, signal, config: given, planned, privateState: undefined })) as Record<
    string,
    string
  >;
}

export async function sampleAuthority(curve = 'P256'): Promise<SampleAuthority> {
  const newKey = async () => {
    const pair = await made('tls_private_key', { algorithm: 'ECDSA', ecdsa_curve: curve });
    return pair['private_key_pem']!;
  };
  const authorityKey = await newKey();
  const authority = await made('tls_self_signed_cert', {
    private_key_pem: authorityKey,
    subject: [{ common_name: 'sample authority' }],
    validity_period_hours: 24,
    is_ca_certificate: true,
    allowed_uses: ['cert_signing'],
  });
  return {
    certificate: authority['cert_pem']!,
    issue: async ({ usages, addresses }) => {
      const key = await newKey();
      const request = await made('tls_cert_request', {
        private_key_pem: key,
        subject: [{ common_name: 'sample' }],
        ip_addresses: addresses,
      });
      const issued = await made('tls_locally_signed_cert', {
        ca_cert_pem: authority['cert_pem']!,
        ca_private_key_pem: authorityKey,
        cert_request_pem: request['cert_request_pem']!,
        validity_period_hours: 12,
        allowed_uses: usages,
      });
      return { key, cert: issued['cert_pem']! };
    },
  };
}

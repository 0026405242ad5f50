import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';
import { terraformProject, type TerraformProject } from '../terraform-project';

jest.setTimeout(60_000);

const CERTIFICATE = 'tls_self_signed_cert.authority';

function stack(authority: object = {}) {
  return {
    tls_private_key: {
      authority: { algorithm: 'ECDSA', ecdsa_curve: 'P256' },
      client: { algorithm: 'RSA' },
    },
    tls_self_signed_cert: {
      authority: {
        private_key_pem: '${tls_private_key.authority.private_key_pem}',
        subject: { common_name: 'authority' },
        is_ca_certificate: true,
        validity_period_hours: 24,
        allowed_uses: ['cert_signing'],
        ...authority,
      },
    },
    tls_cert_request: {
      client: { private_key_pem: '${tls_private_key.client.private_key_pem}', subject: { common_name: 'client' } },
    },
    tls_locally_signed_cert: {
      client: {
        ca_cert_pem: '${tls_self_signed_cert.authority.cert_pem}',
        ca_private_key_pem: '${tls_private_key.authority.private_key_pem}',
        cert_request_pem: '${tls_cert_request.client.cert_request_pem}',
        validity_period_hours: 12,
        allowed_uses: ['client_auth'],
      },
    },
  };
}

describe('keys and certificates, with the real Terraform', () => {
  let project: TerraformProject;

  beforeEach(async () => {
    project = await terraformProject([provider(tlsProvider())]);
  });

  it('are made once, and stay', async () => {
    project.configure(stack());
    await project.apply();
    const { cert_pem: made } = await project.attributes(CERTIFICATE);
    expect(await project.plan()).toEqual([]);
    await project.apply();
    expect(await project.attributes(CERTIFICATE)).toMatchObject({ cert_pem: made, ready_for_renewal: false });
  });

  it('show no private key', async () => {
    project.configure(stack());
    const { output } = await project.terraform('apply', '-no-color', '-auto-approve');
    const shown = await project.terraform('show', '-no-color');
    expect(output + shown.output).not.toContain('PRIVATE KEY');
    expect(shown.output).toMatch(/private_key_pem += \(sensitive value\)/);
  });

  it('are renewed with everything that hangs on them when they are due', async () => {
    project.configure(stack({ early_renewal_hours: 25 }));
    await project.apply();
    const { cert_pem: old, ready_for_renewal: isReady } = await project.attributes(CERTIFICATE);
    expect(isReady).toBe(true);
    const replaced = ['delete', 'create'];
    expect(await project.plan()).toEqual([
      { address: 'tls_locally_signed_cert.client', actions: replaced },
      { address: CERTIFICATE, actions: replaced },
    ]);
    await project.apply();
    expect(await project.attributes(CERTIFICATE)).not.toMatchObject({ cert_pem: old });

    project.configure(stack({ early_renewal_hours: 23 }));
    expect(await project.plan()).toEqual([{ address: CERTIFICATE, actions: ['update'] }]);
    await project.apply();
    expect(await project.attributes(CERTIFICATE)).toMatchObject({ ready_for_renewal: false });
    expect(await project.plan()).toEqual([]);
  });

  it('are made anew for another subject', async () => {
    project.configure(stack());
    await project.apply();
    project.configure(stack({ subject: { common_name: 'another' } }));
    expect(await project.plan()).toContainEqual({ address: CERTIFICATE, actions: ['delete', 'create'] });
  });

  it.each([
    [{ allowed_uses: ['signing'] }, /Invalid usage[^]*Unknown: signing/],
    [{ dns_names: ['a.example'] }, /The emulated cloud has no dns_names/],
  ])('are refused with the name of the argument: %o', async (given, message) => {
    project.configure(stack(given));
    const { code, output } = await project.terraform('plan', '-no-color');
    expect(code).toBe(1);
    expect(output).toMatch(message);
  });
});

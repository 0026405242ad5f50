import { X509Certificate, createPrivateKey } from 'node:crypto';
import { selfSigned, validityOf } from '#sandbox/controllers/self-signed-certificate';

describe('a certificate of the sandbox', () => {
  it('is for its names, and its key belongs to it', async () => {
    const { certificate, key } = await selfSigned(['gitea.example.org', 'git.example.org']);
    const parsed = new X509Certificate(certificate);
    expect(parsed.checkHost('git.example.org')).toBe('git.example.org');
    expect(parsed.checkHost('jenkins.example.org')).toBeUndefined();
    expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(parsed.ca).toBe(false);
  });

  it('is valid for 90 days from now', async () => {
    const { certificate } = await selfSigned(['gitea.example.org']);
    const { notBefore, notAfter } = validityOf(certificate);
    expect(notAfter.getTime() - notBefore.getTime()).toBe(90 * 86_400_000);
    expect(Math.abs(notBefore.getTime() - Date.now())).toBeLessThan(60_000);
  });
});

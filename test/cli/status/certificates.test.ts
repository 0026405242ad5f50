import { manifestSearch } from '#cli/status/manifest-search';
import { platformStatus } from '#cli/status/read-status';
import { authorityPair } from '#test/sandbox/cluster/k3s/pki-files';
import { certificate, NOW, snapshot } from './objects';

const DAY_MS = 86_400_000;

function status(certificates: { name: string; pem: string }[], inCluster = [certificate('gitea-tls')]) {
  const options = { search: manifestSearch('/nonexistent'), now: NOW, certificates };
  return platformStatus(snapshot({ certificates: inCluster }), 'https://127.0.0.1:6443', options);
}

const lasting = async (days: number) =>
  (await authorityPair('admin', { notAfter: new Date(NOW.getTime() + days * DAY_MS + 1000) })).certificate;

describe('the certificates in forge status', () => {
  it.each([
    [300, 0, true],
    [60, 0, true],
    [59, 1, true],
    [1, 1, true],
    [-1, 0, false],
  ])('of the access: %i days before their end, %i warnings', async (days, warnings, healthy) => {
    const found = status([{ name: 'admin', pem: await lasting(days) }]);
    expect([found.warnings.length, found.healthy]).toEqual([warnings, healthy]);
  });

  it('say what to do before one ends', async () => {
    const { warnings } = status([{ name: 'admin', pem: await lasting(12) }]);
    expect(warnings[0]).toContain('"admin" expires in 12 days');
    expect(warnings[0]).toContain('npx cdktf deploy network');
  });

  it('say when each ends', async () => {
    const { certificates } = status([{ name: 'admin', pem: await lasting(10) }]);
    expect(certificates.slice(0, 2).map(({ name, expiresAt }) => [name, expiresAt?.slice(0, 10)])).toEqual([
      ['admin', '2026-12-03'],
      ['rt/gitea-tls', '2027-01-20'],
    ]);
  });

  it.each([
    ['is not Ready', { ready: false, message: 'DNS problem: NXDOMAIN' }, 'DNS problem: NXDOMAIN'],
    ['has expired', { notAfter: '2026-11-22T00:00:00Z' }, 'has expired'],
  ])('make the platform unhealthy when one in the cluster %s', (_, shape, problem) => {
    const { certificates, healthy } = status([], [certificate('gitea-tls', shape)]);
    expect([certificates[0]?.problem, healthy]).toEqual([problem, false]);
  });

  it('warn of one that should have been renewed by itself', () => {
    const { warnings, healthy } = status([], [certificate('gitea-tls', { renewalTime: '2026-11-20T00:00:00Z' })]);
    expect(healthy).toBe(true);
    expect(warnings).toEqual([
      'The certificate rt/gitea-tls should have been renewed on 2026-11-20 and expires on 2027-01-20: ' +
        'kubectl describe certificate gitea-tls -n rt',
    ]);
  });
});

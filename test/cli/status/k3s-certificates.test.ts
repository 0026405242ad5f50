import { X509Certificate } from 'node:crypto';
import { createColors } from 'picocolors';
import { describeFaults, describeStatus } from '#cli/status/describe';
import { manifestSearch } from '#cli/status/manifest-search';
import { platformStatus } from '#cli/status/read-status';
import { authorityPair } from '#test/sandbox/cluster/k3s/pki-files';
import { node, NOW, snapshot } from './objects';

const inDays = (days: number): string => new Date(NOW.getTime() + days * 86_400_000 + 1000).toISOString();
const shown = async (days: number) =>
  new X509Certificate((await authorityPair('api', { notAfter: new Date(inDays(days)) })).certificate);

function status(certificatesEnd: string, apiCertificate?: X509Certificate) {
  const nodes = [node('forge-server-1', { certificatesEnd })];
  const options = { search: manifestSearch('/nonexistent'), now: NOW, apiCertificate };
  return platformStatus(snapshot({ nodes, certificates: [] }), 'https://127.0.0.1:6443', options);
}

describe("k3s' own certificates in forge status", () => {
  it('are those of the API server and of every node, with their end', async () => {
    expect(status(inDays(200), await shown(90))).toMatchObject({
      healthy: true,
      certificates: [
        { name: 'API server', expiresAt: '2027-02-21T12:00:01.000Z', valid: true },
        { name: 'k3s on forge-server-1', expiresAt: '2027-06-11T12:00:01.000Z', valid: true },
      ],
      warnings: [],
    });
  });

  it.each([
    [30, undefined, true],
    [29, 'k3s should have renewed it', false],
    [-1, 'has expired', false],
  ])('of a node: %i days before their end', (days, problem, healthy) => {
    const found = status(inDays(days));
    expect([found.certificates[0]?.problem, found.healthy, found.warnings.length]).toEqual([
      problem,
      healthy,
      healthy ? 0 : 1,
    ]);
  });

  it('of the API server count as much', async () => {
    expect(status(inDays(200), await shown(29))).toMatchObject({
      healthy: false,
      warnings: [
        'The certificate of "API server" ends on 2026-12-22 and was not renewed. A restart of the machine renews it: docs/status.md, "Certificates of k3s"',
      ],
    });
  });

  it('are red, and named at the end, when they were not renewed', () => {
    const late = status(inDays(12));
    expect(describeStatus(late, createColors(true))).toContain(`${createColors(true).red('ends soon')}`);
    expect(describeFaults(late)).toBe('Not healthy.\n  certificates: k3s on forge-server-1');
  });

  it('may not end unseen: a node that says nothing for a day is named', () => {
    const { healthy, certificates, warnings } = status('');
    expect([healthy, certificates]).toEqual([true, []]);
    expect(warnings).toEqual([
      'The node forge-server-1 does not say when its certificates end, so they may end unseen: docs/status.md, "Certificates of k3s"',
    ]);
  });
});

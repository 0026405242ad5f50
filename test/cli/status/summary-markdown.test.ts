import { marked } from 'marked';
import type { PlatformStatus } from '#cli/status/platform-status';
import { summaryMarkdown } from '#cli/status/summary-markdown';

const layer = { sync: 'Synced', health: 'Healthy', healthy: true, reasons: [], parts: [], revision: '0123456789' };
const status: PlatformStatus = {
  healthy: true,
  server: 'https://203.0.113.10:6443',
  readAt: '2026-11-23T08:00:00Z',
  nodes: [
    {
      name: 'forge-server-1',
      role: 'server',
      ready: true,
      cordoned: false,
      version: 'v1.36.4+k3s1',
      createdAt: '2026-11-23T07:00:00Z',
    },
  ],
  layers: [
    { ...layer, name: 'root' },
    { ...layer, name: 'layer-00-infra', parts: [{ ...layer, name: 'traefik' }] },
  ],
  apps: [],
  troubles: [],
  tokens: [],
  certificates: [],
  backups: [],
  warnings: [],
  unseen: [],
};
const URLS = ['https://forge.example.org', 'https://gitea.example.org'];

function textOf(markdown: string): string {
  return marked
    .parse(markdown, { async: false })
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

describe('the summary of a deploy', () => {
  it('shows URLs, nodes and layers with their add-ons', () => {
    const text = textOf(summaryMarkdown(status, URLS));
    expect(text).toContain('Everything is healthy');
    for (const part of [...URLS, 'forge-server-1 server Ready v1.36.4+k3s1', 'layer-00-infra Synced Healthy 0123456']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('- traefik Synced Healthy');
  });

  it('leaves out what there is nothing to say about', () => {
    expect(summaryMarkdown(status, URLS)).not.toMatch(/in trouble|certificate/);
  });

  it('names first what holds the rest', () => {
    const blocking = { layer: 'layer-02-database', message: 'no volume', failed: true };
    const markdown = summaryMarkdown({ ...status, healthy: false, blocking }, URLS);
    expect(markdown.split('\n').slice(0, 3)).toEqual([
      '## Not healthy',
      '',
      '`layer-02-database` holds the rest: `no volume`',
    ]);
  });

  it('shows what the cluster says as text, whatever it contains', () => {
    const message = 'a | b\n# Title <img src=x> [link](http://x) `code` @everybody **bold**';
    const troubles = [{ object: { kind: 'Pod', namespace: 'rt', name: 'x' }, reason: 'Failed', message }];
    const html = marked.parse(summaryMarkdown({ ...status, troubles }, URLS), { async: false });
    expect(html).not.toMatch(/<(img|strong)|href="http:\/\/x"/);
    expect(html.match(/<h\d/g)).toHaveLength(1);
    expect(html.match(/<td><code>[^<]*a \| b·# Title/g)).toHaveLength(1);
    expect(html.replaceAll(/<code>.*?<\/code>/g, '')).not.toContain('@everybody');
  });
});

import { runInNewContext } from 'node:vm';
import { ofKind, type Json } from './manifests';

const configMap = (name: string): Record<string, string> =>
  ofKind('ConfigMap').find(({ body }) => body['metadata'].name === name)!.body['data'] as Record<string, string>;
const page = configMap('nginx-front-page');
const html = page['index.html']!;
const css = page['style.css']!;
const server = configMap('nginx-front-server')['default.conf']!;
const TOOLS = ['gitea', 'jenkins', 'argocd'];

describe('the front page', () => {
  it('links to each tool that has a page, with and without JavaScript', () => {
    const links = [...html.matchAll(/<a href="([^"]+)">([^<]+)<\/a>/g)].map(([, href, text]) => [href, text]);
    expect(links.map(([href]) => new URL(href!).hostname.split('.')[0])).toEqual(['gitea', 'jenkins']);
    expect(links.map(([, text]) => text)).toEqual(['Gitea', 'Jenkins']);
  });

  it('loads its own files and nothing else', () => {
    const loaded = [...html.matchAll(/<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    expect(loaded.sort()).toEqual(['icon.svg', 'status.js', 'style.css']);
    for (const file of loaded) expect(Object.keys(page)).toContain(file);
    expect(css).not.toMatch(/url\(|@import/);
  });

  it('obeys the policy that its server sends: no script, style or handler inside the page', () => {
    expect(server).toContain("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'");
    expect(server).not.toMatch(/unsafe-(inline|eval)/);
    expect(html).not.toMatch(/<style|\sstyle=|<script>|\son\w+=/);
  });

  it('says its language, title and width, and has one main heading', () => {
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('<title>Forge</title>');
    expect(html).toContain('content="width=device-width, initial-scale=1"');
    expect(html.match(/<h1>/g)).toHaveLength(1);
  });

  it.each(['light', 'dark'])('can be read in a %s room (WCAG AA: contrast 4.5)', (scheme) => {
    const blocks = [...css.matchAll(/:root \{([^}]+)\}/g)].map(([, block]) => block!);
    const block = scheme === 'light' ? blocks[0]! : blocks[1]!;
    const colour = Object.fromEntries(
      [...block.matchAll(/--(\w+): (#\w{6});/g)].map(([, name, value]) => [name, value!]),
    );
    for (const background of ['page', 'card']) {
      for (const text of ['text', 'quiet', 'link', 'up', 'down']) {
        expect(contrast(colour[text], colour[background])).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});

describe('what the page says of a tool', () => {
  async function look(answers: Record<string, () => Promise<string>>): Promise<{ lines: Json[]; summary: string }> {
    const lines: Json[] = TOOLS.map((tool) => ({
      dataset: { tool },
      hidden: true,
      textContent: '',
      closest: () => ({ querySelector: () => ({ textContent: tool }) }),
    }));
    const summary = { textContent: '' };
    runInNewContext(page['status.js']!, {
      fetch: async (url: string) => ({ text: await answers[url]!().then((text) => () => Promise.resolve(text)) }),
      AbortSignal,
      setInterval: () => 0,
      document: {
        hidden: false,
        querySelectorAll: () => lines,
        getElementById: () => summary,
        addEventListener: () => undefined,
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    return { lines, summary: summary.textContent };
  }

  it('is that it answers, does not answer, or cannot be asked', async () => {
    const { lines, summary } = await look({
      'status/gitea': () => Promise.resolve('up\n'),
      'status/jenkins': () => Promise.resolve('down\n'),
      'status/argocd': () => Promise.reject(new Error('no network')),
    });
    expect(lines.map(({ textContent, hidden }) => [textContent, hidden])).toEqual([
      ['Answers', false],
      ['Does not answer', false],
      ['Does not answer', false],
    ]);
    expect(summary).toBe('gitea answers, jenkins does not answer, argocd does not answer.');
  });

  it('is heard by screen readers as one sentence', () => {
    expect(html).toMatch(/<p class="visually-hidden" role="status" id="summary"><\/p>/);
    expect([...html.matchAll(/data-tool="(\w+)"/g)].map(([, tool]) => tool)).toEqual(TOOLS);
  });
});

describe('the server of the front page', () => {
  const probes = [...server.matchAll(/~\^\/status\/(\w+)\S+\s+([\w.-]+)(\/\S+);/g)].map(([, tool, name, path]) => [
    tool,
    name,
    path,
  ]);

  it('asks each tool where it says whether it works', () => {
    expect(probes).toEqual([
      ['gitea', 'gitea-svc.rt.svc.cluster.local', '/api/healthz'],
      ['jenkins', 'jenkins-svc.rt.svc.cluster.local', '/login'],
      ['argocd', 'argocd-server.argocd.svc.cluster.local', '/healthz'],
    ]);
    const services = ofKind('Service').map(
      ({ body }) => `${body['metadata'].name}.${body['metadata'].namespace}.svc.cluster.local`,
    );
    for (const [, name] of probes.filter(([tool]) => tool !== 'argocd')) expect(services).toContain(name);
  });

  it('passes on nothing of what a tool answers, and no header of the visitor', () => {
    expect(server).toMatch(/auth_request \/probe;/);
    expect(server).toMatch(/location = \/probe \{\s+internal;/);
    expect(server).toMatch(/proxy_pass_request_headers off;/);
  });
});

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

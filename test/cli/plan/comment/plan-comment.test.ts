import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from 'marked';
import { commentOn, droplet, plan, resource, type Sample } from './sample-plans';

const GOLDEN = join(__dirname, 'golden');
const idle = plan(droplet('workers_general_1', ['no-op'], 's-4vcpu-8gb'));
const others = { cluster: plan(), 'github-secrets': plan() };

const SAMPLES: Readonly<Record<string, Sample>> = {
  'no-change': { plans: { network: idle, ...others } },
  add: { plans: { network: plan(droplet('workers_general_2', ['create'], 's-4vcpu-8gb')), ...others } },
  change: {
    plans: { network: plan(droplet('workers_general_1', ['update'], 's-4vcpu-8gb', 's-8vcpu-16gb')), ...others },
  },
  replace: {
    plans: {
      network: plan(
        droplet('server_1', ['create', 'delete'], 's-2vcpu-4gb', 's-4vcpu-8gb', { replace_paths: [['size']] }),
        { ...droplet('server_1', ['delete'], 's-2vcpu-4gb'), deposed: 'beefbeef' },
      ),
      ...others,
    },
  },
  destroy: { plans: { network: plan(droplet('workers_general_2', ['delete'], 's-4vcpu-8gb')), ...others } },
  drift: {
    plans: {
      network: {
        ...plan(
          resource('digitalocean_firewall.servers', ['update'], {
            before: { name: 'open' },
            after: { name: 'closed' },
          }),
        ),
        resource_drift: [
          resource('digitalocean_firewall.servers', ['update'], {
            before: { name: 'closed' },
            after: { name: 'open' },
          }),
          resource('digitalocean_tag.nodes', ['update'], { before: { count: 1 }, after: { count: 2 } }),
        ],
      },
      ...others,
    },
    meta: { cluster: { refreshed: false }, 'github-secrets': { refreshed: false } },
  },
  'upstream-missing': {
    plans: { network: plan(droplet('server_1', ['create'], 's-2vcpu-4gb')) },
    meta: {
      cluster: { refreshed: false, waitingFor: 'network' },
      'github-secrets': { refreshed: false, waitingFor: 'network' },
    },
  },
  'failing-stack': {
    plans: { network: idle, cluster: plan() },
    errors: {
      'github-secrets': '\u001b[31m╷\n│ Error: GET https://api.github.com/user: 401 Bad credentials []\n╵\u001b[0m\n',
    },
  },
};

describe('the comment on a plan', () => {
  it.each(Object.keys(SAMPLES))('reads as in golden/%s.md', (name) => {
    const file = join(GOLDEN, `${name}.md`);
    const text = commentOn(SAMPLES[name]!);
    if (!existsSync(file) && process.env['CI'] === undefined) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it('is the same bytes for the same plans', () => {
    expect(commentOn(SAMPLES['replace']!)).toBe(commentOn(SAMPLES['replace']!));
  });

  it('names what is destroyed and replaced before everything that must be opened', () => {
    for (const [sample, name] of [
      ['destroy', 'workers_general_2'],
      ['replace', 'server_1'],
    ] as const) {
      const text = commentOn(SAMPLES[sample]!);
      expect(text.slice(0, text.indexOf('<details>'))).toContain(name);
    }
  });

  it('never shows user data, whatever Terraform marks', () => {
    const unmarked = droplet('worker', ['update'], 's-1vcpu-1gb', 's-1vcpu-2gb', {
      before_sensitive: {},
      after_sensitive: {},
    });
    expect(commentOn({ plans: { network: plan(unmarked) } })).not.toContain('planted-in-user-data');
  });
});

describe('text of others in the comment', () => {
  const hostile = [
    '```\n</details><script>alert(1)</script>',
    '@everyone #1 [click](https://example.org) ![x](https://example.org/x.png)',
    '`|` <img src=x onerror=alert(1)>',
    '\u202egnp.exe\u0007\u001b[31m',
    'x'.repeat(5000),
  ];

  it('is shown and not interpreted', () => {
    const changes = hostile.map((text) =>
      resource(`a.b["${text}"]`, ['update'], { before: { note: 'old' }, after: { note: text } }),
    );
    const destroyed = hostile.map((text) => resource(`a.c["${text}"]`, ['delete'], { before: {} }));
    const markdown = commentOn({
      plans: { network: plan(...changes, ...destroyed) },
      errors: { cluster: hostile.join('\n') },
    });
    const html = marked.parse(markdown, { async: false });
    expect(html).not.toMatch(/<(script|img|a)\b/);
    // eslint-disable-next-line no-control-regex -- exactly those must not be there
    expect(markdown).not.toMatch(/[\u202e\u0007\u001b]/);
    const outsideOfCode = html.replace(/<code[\s\S]*?<\/code>/g, '');
    expect(outsideOfCode).not.toMatch(/@everyone|#1\b/);
    expect([...html.matchAll(/<details>/g)]).toHaveLength([...html.matchAll(/<\/details>/g)].length);
  });
});

describe('a plan that is larger than a comment', () => {
  const large = (size: number) =>
    plan(
      ...Array.from({ length: size }, (_, index) =>
        droplet(`worker_${index}`, ['update'], 's-1vcpu-1gb', 's-1vcpu-2gb'),
      ),
      ...Array.from({ length: 40 }, (_, index) => droplet(`gone_${index}`, ['delete'], 's-1vcpu-1gb')),
    );

  it.each([2000, 10_000])('fits with %i changes, with what is destroyed still named first', (size) => {
    const text = commentOn({ plans: { network: large(size) } });
    expect(text.length).toBeLessThanOrEqual(65_000);
    const fold = text.slice(0, text.indexOf('<details>'));
    for (const index of [0, 39]) expect(fold).toContain(`gone_${index}`);
    expect(text).toContain('Attributes are left out');
    expect(text).toContain(`| ${size} |`);
    expect(text).not.toContain('planted-in-user-data');
  });

  it('fits although its lines need a fence of hundreds of characters', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `a.b["${'`'.repeat(index % 190)}"]`);
    const text = commentOn({
      plans: { network: plan(...names.map((name) => resource(name, ['create'], { after: {} }))) },
    });
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text).toMatch(/\(\d+ more\)/);
  });

  it('says how many of the destroyed it could not name', () => {
    const gone = Array.from({ length: 3000 }, (_, index) =>
      droplet(`a_droplet_with_a_long_name_${index}`, ['delete'], 's-1vcpu-1gb'),
    );
    const text = commentOn({ plans: { network: plan(...gone) } });
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text).toMatch(/\*\*Destroyed \(3000\):\*\* .* and \d+ more/);
  });
});

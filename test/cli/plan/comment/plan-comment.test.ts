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
  'rare-operations': {
    plans: {
      network: {
        ...plan(
          resource('digitalocean_domain.main', ['no-op'], { importing: { id: 'example.org' } }),
          droplet('workers_general_1', ['update'], 's-2vcpu-4gb', 's-4vcpu-8gb', { importing: { id: '999' } }),
          droplet('workers_general_2', ['delete', 'create'], 's-2vcpu-4gb', 's-4vcpu-8gb', {
            importing: { identity: { id: 998 } },
          }),
          droplet('workers_general_3', ['create', 'forget'], 's-2vcpu-4gb', 's-4vcpu-8gb'),
          droplet('workers_general_4', ['forget'], 's-2vcpu-4gb', 's-2vcpu-4gb', { after: null }),
          {
            ...droplet('servers_1', ['update'], 's-2vcpu-4gb', 's-4vcpu-8gb'),
            previous_address: 'digitalocean_droplet.old_1',
          },
          resource('digitalocean_tag.nodes', ['frobnicate'], { before: { name: 'a' }, after: { name: 'b' } }),
        ),
        deferred_changes: [
          {
            reason: 'provider_config_unknown',
            resource_change: resource('digitalocean_firewall.nodes', ['create'], { before: null }),
          },
        ],
        action_invocations: [
          {
            address: 'action.digitalocean_droplet_action.reboot',
            type: 'digitalocean_droplet_action',
            lifecycle_action_trigger: {
              triggering_resource_address: 'digitalocean_droplet.servers_1',
              action_trigger_event: 'AfterUpdate',
            },
          },
        ],
        checks: [
          {
            address: { to_display: 'check.health' },
            status: 'fail',
            instances: [{ status: 'fail', problems: [{ message: 'The certificate expires\nin 2 days' }] }],
          },
        ],
        output_changes: { api_url: { actions: ['update'] }, old_url: { actions: ['delete'] } },
        complete: false,
      },
      cluster: { ...plan(), errored: true, complete: false },
      'github-secrets': plan(),
    },
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

  it.each([
    ['an import', resource('a.b', ['no-op'], { importing: { id: '1' } }), 'Adopted (1)'],
    ['an import with an update', resource('a.b', ['update'], { importing: { id: '1' } }), 'Adopted (1)'],
    ['an import that is replaced', resource('a.b', ['create', 'delete'], { importing: { id: '1' } }), 'Replaced (1)'],
    ['an import whose id is not known', resource('a.b', ['no-op'], { importing: { unknown: true } }), 'Adopted (1)'],
    ['a removed block', resource('a.b', ['forget'], { before: {}, after: null }), 'Left behind, without Terraform (1)'],
    ['create and forget', resource('a.b', ['create', 'forget']), 'Left behind, without Terraform (1)'],
    ['forget and create', resource('a.b', ['forget', 'create']), 'Left behind, without Terraform (1)'],
    ['an unknown action', resource('a.b', ['update', 'frobnicate']), 'Not understood'],
    ['an old object that is destroyed', { ...resource('a.b', ['delete']), deposed: 'beef' }, 'Destroyed (1)'],
  ])('says it before everything that must be opened, and never no change: %s', (_, change, words) => {
    const text = commentOn({ plans: { network: plan(change) } });
    const seen = text.slice(0, text.indexOf('<details>'));
    expect(seen).toContain(`**${words}`);
    expect(seen).toContain('network: a.b');
    expect(seen).not.toContain('no change');
  });

  it.each([
    ['complete: false', { complete: false }],
    ['errored: true', { errored: true }],
    ['both', { complete: false, errored: true }],
  ])('never says no change of a plan that is not complete: %s', (_, state) => {
    const text = commentOn({ plans: { network: { ...plan(), ...state } } });
    expect(text).toContain('**The plan of `network` is not complete:**');
    expect(text).not.toContain('no change');
  });

  it('says what was deleted past Terraform, also when nothing would be made again', () => {
    const resource_drift = [resource('a.b', ['delete'], { before: { id: 1 }, after: null })];
    const text = commentOn({ plans: { network: { ...plan(), resource_drift } } });
    expect(text).toContain('no change, drift');
    expect(text).toMatch(/1 changed past Terraform[^]*\n- a\.b\n/);
  });

  it('does not call it changed past Terraform where the plan changes something else of it', () => {
    const [before, after] = [{ rules: ['one'] }, { rules: ['one', 'two'], droplet_ids: [] }];
    const network = {
      ...plan(resource('a.b', ['update'], { before: { ...before, droplet_ids: [] }, after })),
      resource_drift: [resource('a.b', ['update'], { before, after: { ...before, droplet_ids: [] } })],
    };
    const text = commentOn({ plans: { network } });
    expect(text).toContain('1 to change');
    expect(text).not.toContain('drift');
    expect(text).not.toContain('past Terraform');
  });

  it('hides secrets of what is not planned yet, of checks and of what is adopted', () => {
    const resource_change = resource('a.b', ['update'], {
      before: { note: 'old' },
      after: { note: 'planted-note' },
      after_sensitive: { note: true },
    });
    const text = commentOn({
      plans: {
        network: {
          ...plan(resource('a.c', ['no-op'], { importing: { id: 'planted-note' } })),
          deferred_changes: [{ resource_change }],
          checks: [{ status: 'fail', instances: [{ status: 'fail', problems: [{ message: 'is planted-note' }] }] }],
        },
      },
    });
    expect(text).toContain('later: no reason given');
    expect(text).not.toContain('planted-note');
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

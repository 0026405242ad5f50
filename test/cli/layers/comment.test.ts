import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from 'marked';
import type { LayersDiff } from '#cli/layers/layers-diff';
import { commentOn, droplet, plan, resource } from '../plan/comment/sample-plans';
import { SampleCheckout } from './sample-checkout';

const GOLDEN = join(__dirname, 'golden');
const PLANS = {
  network: plan(droplet('workers_general_1', ['no-op'], 's-4vcpu-8gb')),
  cluster: plan(),
  'github-secrets': plan(),
};

describe('what the comment says of the layers', () => {
  let original: SampleCheckout;
  let checkout: SampleCheckout;

  beforeAll(() => {
    original = SampleCheckout.create();
    // Manifests of its own: those of the project change for other reasons.
    for (const folder of ['02-database', '03-apps']) original.remove(folder);
    original.write(
      '02-database/data.yaml',
      CLAIM.replace('name: data', 'name: rows') + workload('StatefulSet', 'data'),
    );
    original.write('03-apps/web.yaml', `${CLAIM}${workload('Deployment', 'web')}${SERVER}`);
    original.write('00-infra/monitor.yaml', application('monitor', 'k8s/monitor'));
    original.write('monitor/Chart.yaml', chart('1.0.0'));
    original.write('monitor/templates/all.yaml', TEMPLATES);
    original.commit();
  });
  beforeEach(() => void (checkout = original.copy()));

  async function comment(plans: NonNullable<Parameters<typeof commentOn>[0]['plans']> = PLANS): Promise<string> {
    const file = join(checkout.folder, '.git/layers.json');
    await checkout.diff('--out', file);
    const text = commentOn({ plans, layers: readFileSync(file, 'utf8') });
    rmSync(file);
    return text;
  }

  it.each<[string, () => void]>([
    ['nothing', () => undefined],
    ['an application that goes', () => checkout.remove('03-apps/web.yaml')],
    [
      'an application that changes',
      () => {
        checkout.edit('03-apps/web.yaml', (text) =>
          text
            .replace('replicas: 1', 'replicas: 3')
            .replace('web:1.0', 'web:1.1')
            .replace('server_tokens off;', 'server_tokens on;'),
        );
        checkout.write('03-apps/new.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: new, namespace: rt }\n');
      },
    ],
    ['a chart of a newer version', () => checkout.write('monitor/Chart.yaml', chart('1.1.0'))],
    ['a layer that goes', () => checkout.remove('layers/layer-02-database.yaml')],
    ['what cannot be rendered', () => checkout.write('03-apps/x.jsonnet', '{}')],
  ])('reads as in golden: %s', async (name, change) => {
    change();
    const text = await comment();
    const file = join(GOLDEN, `${name.replaceAll(' ', '-')}.md`);
    if (!existsSync(file) && process.env['CI'] === undefined) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it('says that nothing is known when nothing was rendered', () => {
    expect(commentOn({ plans: PLANS, layers: null })).toContain('**What the layers change is not known:**');
    expect(commentOn({ plans: PLANS })).not.toContain('Layers');
  });

  it.each<[string, string, string]>([
    ['of a Secret', secret('one-word-of-four'), secret('two-words-of-four')],
    ['beside a name', variable('one-word-of-four'), variable('two-words-of-four')],
    ['in a text', configMap('password=one-word-of-four'), configMap('password=two-words-of-four')],
    [
      'that is elsewhere one',
      `${secret('one-word-of-four')}---\n${configMap('a')}`,
      `${secret('one-word-of-four')}---\n${configMap('b\none-word-of-four')}`,
    ],
  ])('hides a secret %s', async (_, before, after) => {
    checkout.write('03-apps/x.yaml', before);
    checkout.commit();
    checkout.write('03-apps/x.yaml', after);
    const { out } = await checkout.diff();
    const text = await comment();
    expect(text).toContain('layer-03-apps: 1 to change');
    for (const shown of [text, out]) {
      expect(shown).not.toMatch(/(one|two)-words?-of-four/);
      expect(shown).not.toContain(Buffer.from('two-words-of-four').toString('base64'));
      expect(shown).toContain('(sensitive)');
    }
  });

  it('hides what only a plan knows to be secret', async () => {
    checkout.edit('03-apps/web.yaml', (text) => text.replace('server_tokens off;', 'server_tokens planned-word;'));
    const change = { before: null, after: { note: 'planned-word' }, after_sensitive: { note: true } };
    expect(await comment()).toContain('planned-word');
    expect(await comment({ network: plan(resource('a.b', ['create'], change)) })).not.toContain('planned-word');
  });

  it('shows text of others, and interprets nothing of it', async () => {
    const hostile = '</details>```<img src=x> @everyone #1 [x](https://example.org) \u202e\u0007|`';
    checkout.write('03-apps/x.yaml', configMap('a'));
    checkout.commit();
    checkout.write('03-apps/x.yaml', `${configMap(hostile)}---\n${named(hostile)}`);
    checkout.write('00-infra/y.yaml', application(JSON.stringify(hostile), hostile));
    const markdown = await comment();
    const html = marked.parse(markdown, { async: false });
    expect(html).not.toMatch(/<(script|img|a)\b/);
    expect(markdown).toContain('everyone');
    // eslint-disable-next-line no-control-regex -- exactly those must not be there
    expect(markdown).not.toMatch(/[\u202e\u0007]/);
    expect(html.replace(/<code[\s\S]*?<\/code>/g, '')).not.toMatch(/@everyone|#1\b/);
    expect([...html.matchAll(/<details>/g)]).toHaveLength([...html.matchAll(/<\/details>/g)].length);
  });

  it('fits whatever changes, with what is removed still named first', () => {
    const one = (index: number) => ({
      object: { kind: 'ConfigMap', name: `map-${index}` },
      application: `app-${index % 500}`,
      file: 'x.yaml',
    });
    const many = Array.from({ length: 5000 }, (_, index) => one(index));
    const layers: LayersDiff = {
      removed: [
        {
          ...one(0),
          object: { kind: 'StatefulSet', name: 'data' },
          effect: 'goes',
          why: 'app-0 prunes it',
          guarded: true,
        },
      ],
      changed: many.map((object) => ({ ...object, changes: Array.from({ length: 40 }, () => 'x'.repeat(100)) })),
      added: many,
      versions: many.map(({ application }) => ({ application, what: 'x'.repeat(300), from: '1', to: '2' })),
      notRendered: many.map(({ application }) => ({ application, at: 'base', why: 'x'.repeat(600) })),
    };
    const gone = Array.from({ length: 3000 }, (_, index) =>
      droplet(`a_droplet_with_a_long_name_${index}`, ['delete'], 's-1vcpu-1gb'),
    );
    for (const network of [plan(), plan(...gone)]) {
      const text = commentOn({ plans: { network }, layers: JSON.stringify(layers) });
      expect(text.length).toBeLessThanOrEqual(65_000);
      expect(text.slice(0, text.indexOf('<details>'))).toContain('StatefulSet data');
      expect(text).toContain('And 470 more applications.');
      expect(text).toContain('Attributes are left out');
    }
  });
});

function application(name: string, path: string): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, namespace: argocd }\nspec: { source: { path: ${JSON.stringify(path)} }, syncPolicy: { automated: { prune: true } } }\n`;
}

function chart(version: string): string {
  return `apiVersion: v2\nname: monitor\nversion: ${version}\n`;
}

const CLAIM = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: rt
  annotations: { argocd.argoproj.io/sync-options: "Prune=false,Delete=false" }
---
`;
const SERVER = `apiVersion: v1
kind: ConfigMap
metadata: { name: server, namespace: rt }
data:
  default.conf: |
    listen 8080;
    server_tokens off;
    root /usr/share;
`;

function workload(kind: string, name: string): string {
  return `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: rt }\nspec:\n  replicas: 1\n  template: { spec: { containers: [{ name: main, image: "registry.example.org/${name}:1.0" }] } }\n---\n`;
}

const TEMPLATES = ['a', 'b', 'c', 'd', 'e']
  .map((name) => {
    return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, labels: { helm.sh/chart: monitor-{{ .Chart.Version }} } }\ndata: { x: ${name === 'a' ? '{{ .Chart.Version }}' : name} }\n`;
  })
  .join('');

function secret(value: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: { name: x, namespace: rt }\nstringData: { note: ${value} }\n`;
}

function variable(value: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: { name: x, namespace: rt }\nspec: { containers: [{ name: x, image: x, env: [{ name: DB_PASSWORD, value: ${value} }] }] }\n`;
}

function configMap(text: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: text, namespace: rt }\ndata: { x: ${JSON.stringify(`first\n${text}\nlast\n`)} }\n`;
}

function named(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${JSON.stringify(name)}, namespace: rt, annotations: { ${JSON.stringify(name)}: x } }\n`;
}

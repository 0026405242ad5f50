/** Every form of a source, rendered here and by Argo CD's real repo-server, from the same commit. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkedSource, type Owner, type SourceSpec } from '#cli/layers/application';
import { treeAt } from '#cli/layers/checkout';
import { sourceObjects, type Workshop } from '#cli/layers/sources/source';
import { toolFinder } from '#cli/layers/tools';
import { selfSigned } from '#sandbox/controllers/self-signed-certificate';
import { loopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';
import { commitOf, RepoServer } from './repo-server';

jest.setTimeout(180_000);

const configMap = (name: string, data = 'a: b') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { ${data} }\n`;
const deployment = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: docker.io/library/nginx:1 }] }
`;
const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }}-values, namespace: {{ .Release.Namespace }} }
data:
  values: {{ .Values | toJson | quote }}
  version: {{ .Capabilities.KubeVersion.Version }}
`;
const TEST_HOOK = 'apiVersion: v1\nkind: Pod\nmetadata: { name: test, annotations: { helm.sh/hook: test } }\n';
const CRD = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: xs.example.org }\n';
const chart = (name: string, more = '') => `apiVersion: v2\nname: ${name}\nversion: 1.2.3\n${more}`;

const FILES: Readonly<Record<string, string>> = {
  'plain/b.yaml': `${configMap('b')}---\n${configMap('c')}`,
  'plain/a.yml': configMap('a', 'yes: yes, octal: "010", n: 1_000'),
  'plain/.hidden.yaml': configMap('hidden'),
  'plain/list.json':
    '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"d"}}]}',
  'plain/skipped.yaml': `# +argocd:skip-file-rendering\n${configMap('skipped')}`,
  'plain/notes.yaml': 'title: no manifest\n',
  'plain/other.YAML': configMap('other'),
  'plain/sub/deep.yaml': configMap('deep'),
  'broken/x.yaml': 'apiVersion: v1\nkind: [\nmetadata: {}\n',
  'twice/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata: { a: one }\ndata: { a: two }\n',
  'overlay/kustomization.yaml':
    'resources: [../base, more.yaml]\nnamePrefix: own-\nimages: [{ name: docker.io/library/nginx, newTag: "2" }]\n' +
    'configMapGenerator: [{ name: made, literals: [a=b] }]\nreplicas: [{ name: web, count: 2 }]\n' +
    'patches: [{ patch: "apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: gone}\\n$patch: delete\\n" }]\n',
  'overlay/more.yaml': configMap('more'),
  'component/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [x.yaml]\n',
  'component/x.yaml': configMap('of-component'),
  'base/kustomization.yml': 'resources: [web.yaml]\n',
  'base/web.yaml': `${deployment('web')}---\n${deployment('gone')}`,
  'chart/Chart.yaml': chart('chart'),
  'chart/values.yaml': 'one: 1\nlist: [a]\nnested: { x: 1 }\n',
  'chart/other.yaml': 'one: 2\nnested: { y: 2 }\n',
  'chart/text.txt': 'some, text',
  'chart/templates/x.yaml': TEMPLATE,
  'chart/templates/test.yaml': TEST_HOOK,
  'chart/crds/x.yaml': CRD,
  'umbrella/Chart.yaml': chart(
    'umbrella',
    'dependencies: [{ name: chart, version: 1.2.3, repository: "file://../chart" }]\n',
  ),
  'umbrella/values.yaml': 'chart: { one: 3 }\n',
  'both/Chart.yaml': chart('both'),
  'both/kustomization.yaml': 'resources: [x.yaml]\n',
  'both/x.yaml': configMap('both'),
  'overridden/kustomization.yaml': 'resources: [x.yaml]\n',
  'overridden/x.yaml': configMap('x'),
  'overridden/.argocd-source.yaml': 'path: plain\nkustomize: { namePrefix: all- }\n',
  'overridden/.argocd-source-app.yaml': 'kustomize: { nameSuffix: -one }\n',
  'blank/x.yaml': configMap('x'),
  'blank/.argocd-source.yaml': '',
  'values/of-layer.yaml': 'one: 9\n',
};

const source = (fields: object): SourceSpec => checkedSource(fields, 'app');
const RECURSE = { recurse: true };
const OPTIONS = {
  namePrefix: 'p-',
  nameSuffix: '-s',
  namespace: 'elsewhere',
  images: ['docker.io/library/nginx=registry.example.org:5000/nginx:3', 'other@sha256:0123'],
  replicas: [{ name: 'web', count: '4' }],
  commonLabels: { team: 'forge' },
  commonAnnotations: { of: '$ARGOCD_APP_NAME' },
  commonAnnotationsEnvsubst: true,
  patches: [{ target: { kind: 'ConfigMap', name: 'more' }, patch: '[{"op":"add","path":"/data/b","value":"c"}]' }],
  components: ['../component', '../missing'],
  ignoreMissingComponents: true,
};

describe('what is rendered here is what the repo-server renders', () => {
  let folder: string;
  let server: RepoServer;
  let chartsUrl: string;
  let workshop: Workshop;
  let url: string;
  let commit: string;
  const savedCertificates = process.env['SSL_CERT_FILE'];

  beforeAll(async () => {
    folder = newFolder('repo-server');
    const repository = join(folder, 'repository');
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      writeFileSync(join(repository, path), text);
    }
    symlinkSync('../base/web.yaml', join(repository, 'plain/link.yaml'));
    symlinkSync('nothing.yaml', join(repository, 'plain/nowhere.yaml'));
    symlinkSync('../base', join(repository, 'plain/folder'));
    symlinkSync('loop.yaml', join(repository, 'broken/loop.yaml'));
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', repository, '-c', 'user.name=one', '-c', 'user.email=one@example.org', ...args]);
    git('init', '-qb', 'main');
    git('add', '-A');
    git('commit', '-qm', 'all');
    url = `file://${repository}`;
    commit = commitOf(repository);
    const scratch = join(folder, 'scratch');
    mkdirSync(scratch);
    const tree = await treeAt({ folder: repository, configFile: join(repository, 'forge.yaml'), scratch }, commit);
    workshop = { tree: { ...tree, kubeVersion: '1.36.4' }, scratch, tool: toolFinder({ notify: () => undefined }) };
    await serveCharts(repository);
    server = await RepoServer.start(folder, process.env['SSL_CERT_FILE']!);
  });
  afterAll(async () => {
    await server?.stop();
    if (savedCertificates === undefined) delete process.env['SSL_CERT_FILE'];
    else process.env['SSL_CERT_FILE'] = savedCertificates;
  });

  async function serveCharts(repository: string): Promise<void> {
    const { certificate, key } = await selfSigned(['127.0.0.1']);
    process.env['SSL_CERT_FILE'] = join(folder, 'certificate.pem');
    writeFileSync(process.env['SSL_CERT_FILE'], certificate);
    const packages = join(folder, 'charts');
    const helm = await workshop.tool('helm');
    execFileSync(helm, ['package', join(repository, 'chart'), '--destination', packages]);
    const charts = await loopbackServer(
      (request, answer) => answer.end(readFileSync(join(packages, basename(request.url!)))),
      { cert: certificate, key },
    );
    chartsUrl = charts.url;
    execFileSync(helm, ['repo', 'index', packages, '--url', chartsUrl]);
  }

  const owner = (sources: readonly SourceSpec[]): Owner => ({
    name: 'app',
    project: 'default',
    sources,
    namespace: 'target',
    prunes: true,
    allowsEmpty: false,
    cascades: false,
    syncOptions: [],
  });
  const here = async (asked: SourceSpec, refs: readonly string[] = []) => {
    const others = refs.map((ref) => source({ ref }));
    return (await sourceObjects(asked, owner([asked, ...others]), workshop)).map(({ document }) => document.body);
  };
  const there = (asked: SourceSpec, refs?: readonly string[]) =>
    server.manifests({
      url,
      commit,
      source: asked,
      name: 'app',
      namespace: 'target',
      kubeVersion: '1.36.4',
      ...(refs && { refs }),
    });
  const sorted = (objects: readonly unknown[]) => {
    const texts = objects.map((one) => JSON.stringify(one, (_, value: unknown) => inOrder(value)));
    return texts.sort().map((text) => JSON.parse(text) as unknown);
  };

  it.each<[string, SourceSpec, number]>([
    ['a folder', source({ path: 'plain' }), 7],
    ['a folder with its subfolders', source({ path: 'plain', directory: RECURSE }), 8],
    ['a path written otherwise', source({ path: './plain//sub/' }), 1],
    ['what is included', source({ path: 'plain', directory: { ...RECURSE, include: '{a*,*deep}.y?ml' } }), 1],
    ['what is not excluded', source({ path: 'plain', directory: { ...RECURSE, exclude: '[a-b].y*' } }), 5],
    ['a glob that is none', source({ path: 'plain', directory: { exclude: '[' } }), 7],
    ['a key that is there twice', source({ path: 'twice' }), 1],
    ['Kustomize over a base', source({ path: 'overlay' }), 3],
    ['Kustomize with an Application’s options', source({ path: 'overlay', kustomize: OPTIONS }), 4],
    [
      'Kustomize with labels that select nothing',
      source({
        path: 'overlay',
        kustomize: { commonLabels: { team: 'a' }, labelWithoutSelector: true, labelIncludeTemplates: true },
      }),
      3,
    ],
    ['Kustomize beside a chart', source({ path: 'both' }), 1],
    ['a folder with its own options', source({ path: 'overridden' }), 1],
    ['a chart', source({ path: 'chart' }), 3],
    [
      'a chart with values',
      source({
        path: 'chart',
        helm: {
          releaseName: 'other',
          namespace: 'third',
          valueFiles: ['other.yaml', '/values/of-layer.yaml', 'missing.yaml'],
          ignoreMissingValueFiles: true,
          valuesObject: { nested: { z: '3' } },
          parameters: [
            { name: 'app', value: '$ARGOCD_APP_NAME,${ARGOCD_APP_NAMESPACE}' },
            { name: 'text', value: '010', forceString: true },
            { name: 'list', value: '{a,b}' },
          ],
          fileParameters: [{ name: 'file', path: 'text.txt' }],
          kubeVersion: '1.35.0',
          skipCrds: true,
          skipTests: true,
        },
      }),
      1,
    ],
    ['a chart with values as text', source({ path: 'chart', helm: { values: 'one: 5 # five\n' } }), 3],
    ['a chart that needs another', source({ path: 'umbrella' }), 3],
  ])('%s', async (_, asked, count) => {
    const rendered = await here(asked);
    expect(sorted(rendered)).toEqual(sorted(await there(asked)));
    expect(rendered).toHaveLength(count);
  });

  it('a chart with values of another source', async () => {
    const asked = source({ path: 'chart', helm: { valueFiles: ['$other/values/of-layer.yaml'] } });
    expect(sorted(await here(asked, ['other']))).toEqual(sorted(await there(asked, ['other'])));
    expect(JSON.stringify(await here(asked, ['other']))).toContain('\\"one\\":9');
  });

  it('a chart of a repository', async () => {
    const asked = source({ repoURL: chartsUrl, chart: 'chart', targetRevision: '1.2.3', helm: { values: 'one: 6' } });
    const rendered = await here(asked);
    expect(sorted(rendered)).toEqual(sorted(await there(asked)));
    expect(rendered).toHaveLength(3);
  });

  it.each<[string, SourceSpec]>([
    ['a manifest that is none', source({ path: 'broken', directory: { exclude: 'loop*' } })],
    ['a link into itself', source({ path: 'broken', directory: { exclude: 'x*' } })],
    ['a folder that is not there', source({ path: 'nowhere' })],
    ['a folder outside', source({ path: '../x' })],
    ['settings without a word', source({ path: 'blank' })],
    [
      'a label that is there already',
      source({
        path: 'overlay',
        kustomize: { commonLabels: { team: 'a' }, components: ['../component', '../missing'] },
      }),
    ],
    ['a value file outside', source({ path: 'chart', helm: { valueFiles: ['../../x.yaml'] } })],
    ['a value file that is not there', source({ path: 'chart', helm: { valueFiles: ['x.yaml'] } })],
    ['Helm for a folder without a chart', source({ path: 'plain', helm: { releaseName: 'x' } })],
    ['Kustomize for a folder without one', source({ path: 'plain', kustomize: { namePrefix: 'x-' } })],
  ])('both refuse %s', async (_, asked) => {
    await expect(here(asked)).rejects.toThrow();
    await expect(there(asked)).rejects.toThrow();
  });
});

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

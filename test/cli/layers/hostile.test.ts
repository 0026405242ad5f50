/** A pull request is somebody else's text: to render it must run nothing of it, reach nobody, and come to an end. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runConfined } from '#cli/layers/confined';
import { loopbackServer, type LoopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';
import { SampleCheckout } from './sample-checkout';

jest.setTimeout(120_000);

describe('a hostile change of the layers', () => {
  let original: SampleCheckout;
  let checkout: SampleCheckout;
  let server: LoopbackServer;
  let requests: string[];

  beforeAll(async () => {
    original = SampleCheckout.create();
    server = await loopbackServer((request, response) => {
      requests.push(request.url!);
      response.end('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: fetched }\n');
    });
  });
  beforeEach(() => {
    requests = [];
    checkout = original.copy();
  });

  const here = () => `127.0.0.1:${server.port}`;
  const marker = () => join(checkout.folder, 'was-run');
  const layer = (options: string) =>
    checkout.edit('layers/layer-03-apps.yaml', (text) =>
      text.replace('    directory:\n      recurse: true\n', options),
    );
  const kustomization = (text: string) => {
    layer('');
    checkout.write('03-apps/kustomization.yaml', text);
  };
  const chart = (files: Readonly<Record<string, string>>) => {
    layer('');
    checkout.write('03-apps/Chart.yaml', 'apiVersion: v2\nname: x\nversion: 1.0.0\n');
    for (const [path, text] of Object.entries(files)) checkout.write(`03-apps/${path}`, text);
  };

  it.each<[string, () => void, string | RegExp]>([
    [
      'a manifest from this machine',
      () => kustomization(`resources: ["http://${here()}/x.yaml"]\n`),
      'leads to this machine',
    ],
    [
      'a patch from this machine',
      () => kustomization(`resources: [gitea.yaml]\npatches: [{ path: "http://user@localhost:${server.port}/x" }]\n`),
      'leads to this machine',
    ],
    [
      'a manifest from elsewhere',
      () => kustomization('resources: ["https://raw.githubusercontent.com/example/x/main/x.yaml"]\n'),
      /layer-03-apps: .*(refused|no 'git' program|hit)/,
    ],
    ['a base by Git', () => kustomization('resources: ["git@github.com:example/x.git"]\n'), "no 'git' program"],
    ['a folder outside', () => kustomization('resources: [../../../x]\n'), 'leads out of the repository'],
    [
      'a folder outside under a key that is there twice',
      () => kustomization('resources: [../../../x]\nresources: [gitea.yaml]\n'),
      'leads out of the repository',
    ],
    [
      'a file outside its folder',
      () => kustomization('configMapGenerator: [{ name: x, files: [../../forge.yaml] }]\n'),
      'not in or below',
    ],
    [
      'a program of the repository',
      () => {
        checkout.write('03-apps/run.sh', `#!/bin/sh\ntouch ${marker()}\n`);
        checkout.write(
          '03-apps/generator.yaml',
          'apiVersion: x/v1\nkind: X\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n      exec: { path: ./run.sh }\n',
        );
        kustomization('generators: [generator.yaml]\n');
      },
      'layer-03-apps: ',
    ],
    [
      'a chart by Kustomize',
      () => kustomization('helmCharts: [{ name: x, repo: "https://charts.example.org" }]\n'),
      'enable-helm',
    ],
    [
      'a chart over HTTP',
      () => checkout.edit('00-infra/traefik.yaml', (text) => text.replace(/repoURL: .*/, `repoURL: http://${here()}`)),
      'is not HTTPS',
    ],
    [
      'a chart with a path for a name',
      () => checkout.edit('00-infra/traefik.yaml', (text) => text.replace('chart: traefik', 'chart: ../../x')),
      'is no name of a chart',
    ],
    [
      'a dependency outside',
      () =>
        chart({
          'Chart.yaml':
            'apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies: [{ name: y, version: 1.0.0, repository: "file://../../../y" }]\n',
        }),
      'leads out of the repository',
    ],
    [
      'a dependency outside by its lock',
      () =>
        chart({
          'Chart.yaml':
            'apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies: [{ name: y, version: 1.0.0, repository: "https://charts.example.org" }]\n',
          'Chart.lock': 'dependencies: [{ name: y, version: 1.0.0, repository: "file:///etc/y" }]\n',
        }),
      'leads out of the repository',
    ],
    [
      'values from elsewhere',
      () => {
        chart({});
        checkout.edit('layers/layer-03-apps.yaml', (text) =>
          text.replace(
            '    path: k8s/03-apps\n',
            `    path: k8s/03-apps\n    helm: { valueFiles: ["http://${here()}/x"] }\n`,
          ),
        );
      },
      'is not in the repository',
    ],
    [
      'values behind a link',
      () => {
        chart({});
        symlinkSync('../../forge.yaml', checkout.at('03-apps/values.yaml'));
        symlinkSync('../../../x', checkout.at('03-apps/y.yaml'));
      },
      'k8s/03-apps/y.yaml is a link that leads out',
    ],
    [
      'a link that comes back',
      () => symlinkSync(`../../../${checkout.folder.split('/').at(-1)}/k8s`, checkout.at('03-apps/y')),
      'k8s/03-apps/y is a link that leads out',
    ],
    [
      'Applications without end',
      () => {
        const applications = Array.from({ length: 250 }, (_, index) => {
          return `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: x${index}, namespace: argocd }\nspec: { source: { path: k8s/01-init } }\n`;
        });
        checkout.write('03-apps/many.yaml', applications.join('---\n'));
      },
      'more than 200 Applications',
    ],
  ])('is refused and does nothing: %s', async (_, change, reason) => {
    change();
    const { code, err } = await checkout.diff();
    expect([code, err]).toEqual([1, expect.stringMatching(reason)]);
    expect(requests).toEqual([]);
    expect(existsSync(marker())).toBe(false);
  });

  it('gets no template out of the environment or the machine', async () => {
    process.env['PLANTED_TOKEN'] = 'planted-token';
    chart({
      'templates/x.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata:\n  lookup: {{ lookup "v1" "Secret" "" "" | toJson | quote }}\n' +
        '  file: {{ .Files.Get "../../forge.yaml" | quote }}\n  host: {{ getHostByName "localhost" | quote }}\n',
    });
    const { out } = await checkout.diff();
    delete process.env['PLANTED_TOKEN'];
    expect(out).not.toContain('planted-token');
    expect(out).not.toMatch(/127\.0\.0\.1|::1/);
  });
});

describe('a program that renders', () => {
  let scratch: string;

  beforeEach(() => void (scratch = newFolder('confined')));

  const shell = (script: string, more = {}) => runConfined('/bin/sh', ['-c', script], { scratch, ...more });

  it('sees no variable of this process', async () => {
    process.env['PLANTED_TOKEN'] = 'planted-token';
    const seen = await Promise.all([shell('export -p'), shell('export -p', { online: true })]);
    delete process.env['PLANTED_TOKEN'];
    expect(seen.join('\n')).not.toMatch(/planted|PLANTED|AWS|DIGITALOCEAN|KUBECONFIG='?\/[^d]/);
  });

  it('finds no other program', async () => {
    await expect(shell('git version')).rejects.toThrow('not found');
  });

  it.each([
    ['computes without end', 'while :; do :; done', /was ended/, 60],
    ['waits without end', '/bin/sleep 60', /did not end within 2 s/, 2],
    ['answers too much', '/usr/bin/head -c 20000000 /dev/zero', /made more than 16 MiB/, 60],
    ['answers without end', '/usr/bin/yes', /made more than 16 MiB|was ended/, 60],
    [
      'takes memory without end',
      `/usr/bin/awk 'BEGIN { s = "aaaaaaaa"; while (1) s = s s }'`,
      /memory|[Kk]illed|was ended|Segmentation fault/,
      60,
    ],
  ])('is ended when it %s', async (_, script, reason, whole) => {
    await expect(shell(script, { seconds: { busy: 2, whole } })).rejects.toThrow(reason);
  });

  it('says the end of what it said, on one line and without paths of this machine', async () => {
    mkdirSync(join(scratch, 'x'));
    writeFileSync(join(scratch, 'x/y'), '');
    await expect(shell(`echo "${scratch}/x/y\nis wrong" >&2; exit 1`)).rejects.toThrow(/^\/x\/y is wrong$/);
  });
});

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { writeSandboxTree } from '#sandbox/standins/sandbox-tree';

const OWN = 'git@github.com:example/forge.git';
const SANDBOX = { repoUrl: 'http://127.0.0.9:9003/example/forge.git', revision: 'main', replaces: [OWN] };

const application = (name: string, source: string) => `# Why ${name} is here.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
spec:
  # Where from.
  source:
${source.replace(/^/gm, '    ')}
  destination:
    namespace: ${name}
`;
const own = (path: string) => `repoURL: ${OWN}\ntargetRevision: production\npath: ${path}`;
const TRAEFIK = application(
  'traefik',
  `repoURL: https://traefik.github.io/charts
chart: traefik
targetRevision: 41.6.1
helm:
  valuesObject:
    deployment:
      replicas: 5
    ports:
      web:
        nodePort: 31080
    providers:
      kubernetesIngress:
        ingressEndpoint:
          hostname: entrance.example.org`,
);

describe('the tree for the sandbox', () => {
  const folders: string[] = [];
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'forge-standins-'));
    folders.push(path);
    return path;
  };
  afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true })));

  function checkout(files: Readonly<Record<string, string>>) {
    const path = folder();
    execFileSync('git', ['init', '--quiet', path]);
    for (const [name, text] of Object.entries(files)) write(path, name, text);
    return path;
  }
  function write(at: string, name: string, text: string) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
  }
  const read = (at: string, name: string) => readFileSync(join(at, name), 'utf8');

  it('has what git knows or would add, as it is on disk', async () => {
    const from = checkout({
      '.gitignore': 'secret\n',
      'docs/a.md': 'a',
      secret: 'x',
      'run.sh': '#!/bin/sh\n',
      gone: '',
    });
    chmodSync(join(from, 'run.sh'), 0o755);
    symlinkSync('docs/a.md', join(from, 'link'));
    execFileSync('git', ['-C', from, 'add', '.']);
    write(from, 'docs/a.md', 'changed');
    write(from, 'new/b.md', 'b');
    rmSync(join(from, 'gone'));
    const target = folder();
    await writeSandboxTree(from, target, SANDBOX);
    expect(read(target, 'docs/a.md')).toBe('changed');
    expect(read(target, 'new/b.md')).toBe('b');
    expect(statSync(join(target, 'run.sh')).mode & 0o111).toBe(0o111);
    expect(lstatSync(join(target, 'link')).isSymbolicLink()).toBe(true);
    expect([existsSync(join(target, 'secret')), existsSync(join(target, 'gone'))]).toEqual([false, false]);
  });

  it('follows the checkout when it is written again, touches only what differs, and spares .git', async () => {
    const from = checkout({ 'a/b/c.txt': 'c', 'same.txt': 'same', 'becomes-folder': 'x' });
    const target = folder();
    write(target, '.git/HEAD', 'ref: refs/heads/main\n');
    await writeSandboxTree(from, target, SANDBOX);
    const before = statSync(join(target, 'same.txt')).ino;
    rmSync(join(from, 'a'), { recursive: true });
    rmSync(join(from, 'becomes-folder'));
    write(from, 'becomes-folder/d.txt', 'd');
    await writeSandboxTree(from, target, SANDBOX);
    expect([existsSync(join(target, 'a')), read(target, 'becomes-folder/d.txt')]).toEqual([false, 'd']);
    expect(statSync(join(target, 'same.txt')).ino).toBe(before);
    expect(read(target, '.git/HEAD')).toBe('ref: refs/heads/main\n');
  });

  it('reads its own layers from the sandbox, with every comment in place', async () => {
    const text = application('layer-03-apps', own('k8s/03-apps'));
    const target = folder();
    await writeSandboxTree(checkout({ 'k8s/layers/apps.yaml': text }), target, SANDBOX);
    expect(read(target, 'k8s/layers/apps.yaml')).toBe(
      text.replace(OWN, SANDBOX.repoUrl).replace('production', SANDBOX.revision),
    );
  });

  it('has stand-ins for the charts, under the same Applications, and the rest as it is', async () => {
    const from = checkout({
      'k8s/00-infra/traefik.yaml': TRAEFIK,
      'k8s/00-infra/driver.yaml': application('driver', own('k8s/components/driver')),
      'k8s/components/driver/driver.yaml': 'kind: DaemonSet # ours\n',
    });
    const target = folder();
    const { standIns, notEmulated } = await writeSandboxTree(from, target, SANDBOX);
    expect(standIns.map(({ name, source }) => [name, source])).toEqual([
      ['traefik', 'chart traefik 41.6.1 of https://traefik.github.io/charts'],
    ]);
    expect(notEmulated).toEqual([]);
    const { metadata, spec } = parse(read(target, 'k8s/00-infra/traefik.yaml'));
    expect([metadata.name, spec.destination.namespace]).toEqual(['traefik', 'traefik']);
    expect(spec.source).toEqual({
      ...{ repoURL: SANDBOX.repoUrl, targetRevision: 'main', path: 'sandbox-standins/traefik' },
      directory: { recurse: true },
    });
    expect(parse(read(target, 'k8s/00-infra/driver.yaml')).spec.source).toEqual({
      ...{ repoURL: SANDBOX.repoUrl, targetRevision: 'main', path: 'k8s/components/driver' },
    });
    expect(read(target, 'k8s/components/driver/driver.yaml')).toBe('kind: DaemonSet # ours\n');
    expect(read(target, 'k8s/00-infra/traefik.yaml')).toContain('# Why traefik is here.');
    expect(existsSync(join(target, 'sandbox-standins/cert-manager'))).toBe(false);
  });

  it('carries values of the release into the stand-in', async () => {
    const target = folder();
    await writeSandboxTree(checkout({ 'k8s/00-infra/traefik.yaml': TRAEFIK }), target, SANDBOX);
    const manifest = read(target, 'sandbox-standins/traefik/traefik.yaml');
    const objects = parseAllDocuments(manifest).map((document) => document.toJS());
    const find = (kind: string) => objects.find((object) => object.kind === kind);
    expect(find('Deployment').spec.replicas).toBe(5);
    expect(find('Deployment').spec.template.spec.containers[0].args).toEqual([
      '--providers.kubernetesingress',
      '--providers.kubernetesingress.ingressclass=traefik',
      '--providers.kubernetesingress.ingressendpoint.hostname=entrance.example.org',
    ]);
    expect(find('Service').spec.ports[0]).toEqual({ name: 'web', port: 80, targetPort: 'web', nodePort: 31080 });
    expect(find('Service').spec.ports[1].nodePort).toBeUndefined();
  });

  it('tells which Applications nothing stands in for, and leaves them as they are', async () => {
    const chart = application('grafana', 'repoURL: https://charts.example.org\nchart: grafana\ntargetRevision: 1.2.3');
    const target = folder();
    const from = checkout({
      'k8s/00-infra/grafana.yaml': chart,
      'k8s/00-infra/kustomized.yaml': application('kustomized', own('k8s/components/other')),
      'k8s/components/other/kustomization.yaml': 'resources: []\n',
    });
    const { notEmulated } = await writeSandboxTree(from, target, SANDBOX);
    expect(notEmulated).toEqual([
      {
        application: 'grafana',
        file: 'k8s/00-infra/grafana.yaml',
        source: 'chart grafana 1.2.3 of https://charts.example.org',
      },
      { application: 'kustomized', file: 'k8s/00-infra/kustomized.yaml', source: 'k8s/components/other' },
    ]);
    expect(read(target, 'k8s/00-infra/grafana.yaml')).toBe(chart);
  });

  it('passes a broken manifest on, for Argo CD to refuse', async () => {
    const target = folder();
    await writeSandboxTree(checkout({ 'k8s/03-apps/broken.yaml': 'kind: [Application\n' }), target, SANDBOX);
    expect(read(target, 'k8s/03-apps/broken.yaml')).toBe('kind: [Application\n');
  });

  it('is not made from a folder without git', async () => {
    await expect(writeSandboxTree(folder(), folder(), SANDBOX)).rejects.toThrow('not a git repository');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#config/load';
import { GO_DISTRIBUTION, TOOLS } from '#sandbox/toolchain/pins';
import { sampleConfig, synthesise } from './stacks/sample';

const CHECKOUT = join(__dirname, '..');
const PROVIDER = 'digitalocean/digitalocean';
const FOLDERS = ['.github', 'charts', 'config', 'docs', 'k8s', 'sandbox/toolchain', 'scripts', 'stacks'];

interface Manager {
  readonly description: string;
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly depNameTemplate?: string;
  readonly datasourceTemplate: string;
}

const renovate = JSON.parse(readFileSync(join(CHECKOUT, 'renovate.json'), 'utf8')) as {
  minimumReleaseAge: string;
  customManagers: Manager[];
  packageRules: Record<string, any>[];
} & Record<'argocd' | 'kubernetes', { managerFilePatterns: string[] }>;

const files = [
  ...readdirSync(CHECKOUT, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : [])),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  ),
];

/** `/expression/` as Renovate writes it. */
function matching(patterns: readonly string[]): string[] {
  const expressions = patterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
  return files.filter((file) => expressions.some((expression) => expression.test(file)));
}

const textOf = (file: string) => readFileSync(join(CHECKOUT, file), 'utf8');

/** What a manager finds, as `name version`, each once. */
function found({ managerFilePatterns, matchStrings, depNameTemplate }: Manager): string[] {
  const hits = matching(managerFilePatterns).flatMap((file) =>
    matchStrings.flatMap((expression) => [...textOf(file).matchAll(new RegExp(expression, 'g'))]),
  );
  return [...new Set(hits.map(({ groups }) => `${depNameTemplate ?? groups!['depName']} ${groups!['currentValue']}`))];
}

describe('Renovate', () => {
  const { version: k3s } = loadConfig(join(CHECKOUT, 'forge.yaml')).kubernetes;
  const expected: Record<string, string[]> = {
    'Kubernetes programs of the sandbox': [`kubernetes/kubernetes ${TOOLS.kubectl.version}`],
    'KWOK of the sandbox': [`kubernetes-sigs/kwok ${TOOLS.kwok.version}`],
    'Helm of the sandbox': [`helm/helm ${TOOLS.helm.version}`],
    'Pebble of the sandbox': [`letsencrypt/pebble ${TOOLS.pebble.version}`],
    'Argo CD of the sandbox': [`argoproj/argo-cd ${TOOLS.argocd.version}`],
    'Go of the sandbox': [`go ${GO_DISTRIBUTION.version}`],
    'k3s that new forges install': [`k3s-io/k3s ${k3s}`],
    'k3s of this forge': [`k3s-io/k3s ${k3s}`],
    'Plugins of Jenkins': textOf('k8s/03-apps/jenkins-plugins.yaml')
      .split('\n')
      .filter((line) => /^ {4}[^ #]/.test(line))
      .map((line) => line.trim().replace(':', ' ')),
  };

  it.each(renovate.customManagers)('finds versions where they stand: $description', (manager) => {
    const versions = found(manager);
    expect(versions).not.toEqual([]);
    for (const version of versions) expect(version).toMatch(/^[\w./-]+ v?\d+[.-]\w+[\w.+-]*$/);
    const wanted = expected[manager.description];
    if (wanted !== undefined) expect(versions).toEqual(wanted);
  });

  it('knows every program of the sandbox that does not follow another one', () => {
    const followers = ['dex', 'etcd', 'etcdutl', 'miniredis', 'terraform'];
    const watched = new Set(renovate.customManagers.flatMap(found).map((hit) => hit.split(' ')[1]));
    for (const [tool, { version }] of Object.entries(TOOLS)) {
      if (!followers.includes(tool)) expect([tool, watched.has(version)]).toEqual([tool, true]);
    }
  });

  it('knows every provider of cdktf.json', () => {
    const { terraformProviders } = JSON.parse(textOf('cdktf.json')) as { terraformProviders: string[] };
    const manager = renovate.customManagers.find(
      ({ datasourceTemplate }) => datasourceTemplate === 'terraform-provider',
    )!;
    expect(found(manager)).toEqual(terraformProviders.map((provider) => provider.replace('@', ' ')));
  });

  it('reads every chart of the layers', () => {
    const withChart = files.filter((file) => /^k8s\/.*\.yaml$/.test(file) && /^ +chart: /m.test(textOf(file)));
    expect(withChart).not.toEqual([]);
    expect(matching(renovate.argocd.managerFilePatterns)).toEqual(expect.arrayContaining(withChart));
  });

  it('reads every file of the layers with an image', () => {
    const withImage = files.filter((file) => /^k8s\/.*\.yaml$/.test(file) && /^[ -]+image: .+:/m.test(textOf(file)));
    expect(withImage).not.toEqual([]);
    expect(matching(renovate.kubernetes.managerFilePatterns)).toEqual(expect.arrayContaining(withImage));
  });

  it('adds their digests to the images of the layers, which the tests of the layers take', () => {
    const [rule] = renovate.packageRules.filter(({ pinDigests }) => pinDigests !== undefined);
    expect(rule).toMatchObject({ matchFileNames: ['k8s/**'], matchDatasources: ['docker'], pinDigests: true });
  });

  it('leaves the image of k3s upgrades alone, whose tag is the version of a plan', () => {
    const [rule] = renovate.packageRules.filter(({ matchPackageNames }) =>
      matchPackageNames?.includes('docker.io/rancher/k3s-upgrade'),
    );
    expect(rule).toMatchObject({ enabled: false });
  });

  it('takes the volume driver and what runs beside it in one pull request, after a person has asked for it', () => {
    const [rule] = renovate.packageRules.filter(({ groupName }) => groupName === 'DigitalOcean volume driver');
    const images = files
      .filter((file) => file.startsWith('k8s/components/digitalocean-csi/'))
      .flatMap((file) => [...textOf(file).matchAll(/image: ([^:]+):/g)].map(([, name]) => name!));
    expect(images.length).toBeGreaterThan(5);
    const patterns = (rule!['matchPackageNames'] as string[]).map((name) => name.replace('**', ''));
    for (const image of images) expect(patterns.some((pattern) => image.startsWith(pattern))).toBe(true);
    expect(rule!['dependencyDashboardApproval']).toBe(true);
  });

  it('uses no expression that its engine, RE2, does not have', () => {
    for (const { matchStrings, managerFilePatterns } of renovate.customManagers) {
      for (const expression of [...matchStrings, ...managerFilePatterns])
        expect(expression).not.toMatch(/\(\?(=|!|<=|<!)/);
    }
  });

  it('lets a release ripen before it takes it, and merges nothing by itself', () => {
    expect(renovate.minimumReleaseAge).toBe('7 days');
    expect(JSON.stringify(renovate)).not.toContain('automerge');
  });

  it('takes no DigitalOcean provider that does not see that a droplet is deleted, and no stack has one', () => {
    const rule = renovate.packageRules.find(({ matchPackageNames: names }) => names?.includes(PROVIDER));
    const refused = new RegExp(/^!\/(.*)\/$/.exec(`${rule?.['allowedVersions']}`)?.[1] ?? 'none');
    const versions = ['2.71.0', '2.72.9', '2.73.0', '2.74.1', '2.75.3', '2.76.0', '2.99.1'];
    expect(versions.filter((version) => refused.test(version))).toEqual(['2.73.0', '2.74.1', '2.75.3']);
    const { terraform } = synthesise(sampleConfig).stacks.network as any;
    expect(terraform.required_providers.digitalocean.version).not.toMatch(refused);
  });

  it('watches the versions of k3s on both sides of a plus', () => {
    const manager = renovate.customManagers.find(({ description }) => description.startsWith('k3s'))!;
    const versioning = (manager as unknown as { versioningTemplate: string }).versioningTemplate;
    const match = new RegExp(versioning.replace(/^regex:/, '')).exec(k3s);
    expect(Object.keys(match!.groups!)).toEqual(['major', 'minor', 'patch', 'build']);
  });
});

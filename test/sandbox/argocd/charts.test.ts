import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argoCdAppsChart } from '#sandbox/argocd/apps-chart';
import { argoCdChart } from '#sandbox/argocd/chart';
import { releaseValues } from '#sandbox/cloud/terraform/helm/release-values';
import { argoCdValues, forgeProject, rootApplication } from '#stacks/cluster/argocd-values';

const GITHUB = 'git@github.com:acme/forge.git';

interface Found {
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  spec?: { sourceRepos?: string[]; source?: { repoURL: string }; syncPolicy?: object };
}

describe("the sandbox's part of the chart argo-cd", () => {
  let folder: string;
  let objects: Found[];
  const one = (name: string) => objects.find(({ metadata }) => metadata.name === name)!;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forge-chart-'));
    const crd = join(folder, 'crd.yaml');
    writeFileSync(crd, 'kind: CustomResourceDefinition\nmetadata: { name: applications.argoproj.io }\n');
    const values = releaseValues({
      values: [JSON.stringify(argoCdValues('forge.example.org', 'return {}'))],
      set_sensitive: [{ name: 'configs.secret.githubSecret', value: 'webhook secret' }],
    });
    objects = (await argoCdChart('v3.5.1', () => Promise.resolve([crd]))({ namespace: 'argocd', values })) as Found[];
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("gives Argo CD the stack's settings", () => {
    expect(one('argocd-cm').data).toMatchObject({
      'application.resourceTrackingMethod': 'annotation',
      'resource.customizations.health.argoproj.io_Application': 'return {}',
      url: 'https://argocd.forge.example.org',
    });
  });

  it("gives it the webhook's secret", () => {
    expect(one('argocd-secret').stringData).toEqual({ 'webhook.github.secret': 'webhook secret' });
  });

  it('has the definitions of its kinds, and the workloads by the names of the chart', () => {
    expect(objects[0]!.kind).toBe('CustomResourceDefinition');
    const workloads = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
    expect(workloads.map(({ metadata }) => metadata.name)).toEqual([
      'argocd-redis',
      'argocd-repo-server',
      'argocd-application-controller',
      'argocd-server',
    ]);
  });

  it('refuses a parameter that no workload would read', async () => {
    const values = { configs: { params: { 'reposerver.parallelism.limit': '2' } } };
    await expect(argoCdChart('v3.5.1', () => Promise.resolve([]))({ namespace: 'argocd', values })).rejects.toThrow(
      /reposerver.parallelism.limit/,
    );
  });
});

describe("the sandbox's part of the chart argocd-apps", () => {
  it('makes project and root application', async () => {
    const values = {
      projects: { forge: forgeProject('argocd', GITHUB) },
      applications: { root: rootApplication('argocd', GITHUB, 'main') },
    };
    const [project, root] = (await argoCdAppsChart({ namespace: 'argocd', values: values })) as Found[];

    expect(project!.spec!.sourceRepos).toContain(GITHUB);
    expect(root!.spec!.source!.repoURL).toBe(GITHUB);
    expect(root!.metadata.annotations).toEqual({ 'argocd.argoproj.io/compare-options': 'ServerSideDiff=false' });
  });
});

describe("a release's values", () => {
  it('lets later documents and single settings win, key by key', () => {
    const planned = {
      values: ['a: { b: 1, c: [1, 2] }', 'a: { c: [3] }'],
      set_sensitive: [{ name: 'a.b', value: 'x' }],
    };
    expect(releaseValues(planned)).toEqual({ a: { b: 'x', c: [3] } });
  });
});

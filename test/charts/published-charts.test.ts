import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { loopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';
import type { Json } from '../k8s/manifests';
import { publishedCharts, renderChart, type PublishedChart } from './published-charts';
import { startStrictApi, type StrictApi } from './strict-api';

jest.setTimeout(120_000);

describe('the published charts', () => {
  it('are found in the layers and in the stack that comes before them', () => {
    const names = publishedCharts().map(({ release, chart, repository }) => `${release}: ${chart} of ${repository}`);
    expect(names.sort()).toEqual([
      'argocd-apps: argocd-apps of https://argoproj.github.io/argo-helm',
      'argocd: argo-cd of https://argoproj.github.io/argo-helm',
      'cert-manager: cert-manager of https://charts.jetstack.io',
      'traefik: traefik of https://traefik.github.io/charts',
    ]);
  });

  it('have a version and values that are YAML', () => {
    for (const { version, values } of publishedCharts()) {
      expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
      expect(values.length).toBeGreaterThan(0);
    }
  });
});

describe('a chart of a repository', () => {
  let folder: string;
  let helm: string;
  let api: StrictApi;
  let chart: PublishedChart;

  beforeAll(async () => {
    ({ helm } = await ensureSandboxTools(() => undefined));
    folder = newFolder('chart-repository');
    execFileSync(helm, ['package', join(__dirname, '../../charts/digitalocean-ccm'), '--destination', folder]);
    const server = await loopbackServer((request, response) =>
      response.end(readFileSync(join(folder, basename(request.url!)))),
    );
    const repository = server.url;
    execFileSync(helm, ['repo', 'index', folder, '--url', repository]);
    const index = readFileSync(join(folder, 'index.yaml'), 'utf8');
    const version = /^ {4}version: (\S+)$/m.exec(index)![1]!;
    chart = {
      release: 'ccm',
      namespace: 'kube-system',
      repository,
      chart: 'digitalocean-ccm',
      version,
      values: ['region: nowhere\nclusterVpcId: vpc-1\n', 'region: fra1\n'],
    };
    api = await startStrictApi();
  });

  it('is rendered with all values, the last one first', async () => {
    const objects = await renderChart(helm, chart);
    const deployment = objects.find(({ kind }) => kind === 'Deployment')!;
    expect(JSON.stringify(deployment)).toContain('"fra1"');
    expect(JSON.stringify(deployment)).not.toContain('nowhere');
  });

  it("says in helm's words what it refuses", async () => {
    await expect(renderChart(helm, { ...chart, values: ['{}'] })).rejects.toThrow(/region|clusterVpcId/);
    await expect(renderChart(helm, { ...chart, version: '99.0.0' })).rejects.toThrow(/99\.0\.0/);
  });

  it('is taken by the API server, which names each unknown field', async () => {
    const objects = await renderChart(helm, chart);
    expect(await api.refusals(objects, chart.namespace)).toEqual([]);
    const wrong = structuredClone(objects);
    const { spec } = wrong.find(({ kind }) => kind === 'Deployment')!['spec'].template;
    spec.containers[0].imagePullPolice = 'Always';
    expect((await api.refusals(wrong, chart.namespace)).join('\n')).toContain('imagePullPolice');
  });

  it('may bring its own kinds', async () => {
    const names = { kind: 'Sample', plural: 'samples' };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } };
    const definition: Json = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'samples.example.org' },
      spec: {
        group: 'example.org',
        scope: 'Namespaced',
        names,
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    };
    const sample = { apiVersion: 'example.org/v1', kind: 'Sample', metadata: { name: 'one' }, spec: {} };
    await api.learn([definition], ['samples']);
    expect(await api.refusals([definition, sample], 'samples')).toEqual([]);
    const refused = await api.refusals([{ ...sample, spek: {} }], 'samples');
    expect(refused.join('\n')).toContain('spek');
  });
});

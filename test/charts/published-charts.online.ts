/** Needs the chart repositories and GitHub, so it is no part of `make test`: npm run charts. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { ensureSandboxTools } from '../../sandbox/tools';
import { K8S, type Json } from '../k8s/manifests';
import { publishedCharts, renderChart } from './published-charts';
import { startStrictApi, type StrictApi } from './strict-api';

jest.setTimeout(10 * 60_000);

const run = promisify(execFile);

describe('what others publish and the cluster installs', () => {
  const charts = publishedCharts();
  const components = readdirSync(join(K8S, 'components'));
  const rendered = new Map<string, Json[]>();
  let api: StrictApi;

  beforeAll(async () => {
    const { helm, kubectl } = await ensureSandboxTools(() => undefined);
    for (const chart of charts) rendered.set(chart.release, await renderChart(helm, chart));
    for (const component of components) {
      const { stdout } = await run(kubectl, ['kustomize', join(K8S, 'components', component)]);
      rendered.set(
        component,
        parseAllDocuments(stdout).map((document) => document.toJS() as Json),
      );
    }
    api = await startStrictApi();
    const objects = [...rendered.values()].flat();
    const declared = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name as string);
    const namespaces = new Set([...charts.map(({ namespace }) => namespace), ...declared]);
    namespaces.delete('kube-system');
    await api.learn(objects, [...namespaces]);
  });
  afterAll(() => api?.close());

  it.each(charts)('$release: $chart $version makes objects that the API server takes as they are', async (chart) => {
    const objects = rendered.get(chart.release)!;
    expect(objects.length).toBeGreaterThan(0);
    expect(await api.refusals(objects, chart.namespace)).toEqual([]);
  });

  it.each(components)('%s is patched into objects that the API server takes as they are', async (component) => {
    const objects = rendered.get(component)!;
    expect(objects.length).toBeGreaterThan(0);
    expect(await api.refusals(objects, 'kube-system')).toEqual([]);
  });
});

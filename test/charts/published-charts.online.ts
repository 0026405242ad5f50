/** Needs the chart repositories, so it is no part of `make test`: npm run charts. */
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import type { Json } from '../k8s/manifests';
import { publishedCharts, renderChart } from './published-charts';
import { startStrictApi, type StrictApi } from './strict-api';

jest.setTimeout(10 * 60_000);

describe('what others publish and the cluster installs', () => {
  const charts = publishedCharts();
  const rendered = new Map<string, Json[]>();
  let api: StrictApi;

  beforeAll(async () => {
    const { helm } = await ensureSandboxTools(() => undefined);
    for (const chart of charts) rendered.set(chart.release, await renderChart(helm, chart));
    api = await startStrictApi();
    const objects = [...rendered.values()].flat();
    const declared = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name as string);
    const namespaces = new Set([...charts.map(({ namespace }) => namespace), ...declared]);
    namespaces.delete('kube-system');
    await api.learn(objects, [...namespaces]);
  });

  it.each(charts)('$release: $chart $version makes objects that the API server takes as they are', async (chart) => {
    const objects = rendered.get(chart.release)!;
    expect(objects.length).toBeGreaterThan(0);
    expect(await api.refusals(objects, chart.namespace)).toEqual([]);
  });
});

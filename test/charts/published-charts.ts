/** The charts of other people that the cluster installs, rendered with the values that it gives them. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { newFolder } from '#test/new-folder';
import type { Json, Manifest } from '../k8s/manifests';
import { ofKind } from '../k8s/manifests';
import { sampleConfig, synthesise } from '../stacks/sample';

const run = promisify(execFile);

export interface PublishedChart {
  readonly release: string;
  readonly namespace: string;
  /** URL of the chart repository. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  /** YAML texts; a later one wins. */
  readonly values: readonly string[];
}

/** Those that Argo CD installs, and those that Terraform installs before it. */
export function publishedCharts(): PublishedChart[] {
  const releases = Object.values(synthesise(sampleConfig).stacks.cluster['resource'].helm_release as Json);
  return [...ofKind('Application').flatMap(fromApplication), ...releases.flatMap(fromRelease)];
}

function fromApplication({ body }: Manifest): PublishedChart[] {
  const { source, destination } = body['spec'];
  if (source.chart === undefined) return [];
  const { chart, repoURL, targetRevision, helm } = source;
  return [
    {
      release: helm.releaseName ?? body['metadata'].name,
      namespace: destination.namespace,
      repository: repoURL,
      chart,
      version: targetRevision,
      values: [stringify(helm.valuesObject ?? {})],
    },
  ];
}

function fromRelease({ name, namespace, repository, chart, version, values }: Json): PublishedChart[] {
  return repository === undefined ? [] : [{ release: name, namespace, repository, chart, version, values }];
}

/** Every object of the release. Throws with helm's own words, as for a value that the chart's schema refuses. */
export async function renderChart(
  helm: string,
  { release, namespace, repository, chart, version, values }: PublishedChart,
): Promise<Json[]> {
  const folder = newFolder('charts');
  const files = values.map((text, index) => {
    const file = join(folder, `values-${index}.yaml`);
    writeFileSync(file, text);
    return file;
  });
  const kubeVersion = sampleConfig.kubernetes.version.replace(/\+.*/, '');
  const what = [release, chart, '--repo', repository, '--version', version, '--namespace', namespace];
  const how = ['--include-crds', '--kube-version', kubeVersion, ...files.flatMap((file) => ['--values', file])];
  const env = { ...process.env, HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  const { stdout } = await run(helm, ['template', ...what, ...how], { env, maxBuffer: 64 * 1024 * 1024 });
  return parseAllDocuments(stdout).flatMap((document) => (document.toJS() as Json | null) ?? []);
}

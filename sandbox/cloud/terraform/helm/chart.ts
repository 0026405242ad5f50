/** Where a release's chart comes from, and what it renders to. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { hashPath } from 'cdktf/lib/private/fs';
import { parse, parseAllDocuments } from 'yaml';
import { runProgram } from '#clients/program';
import type { KubernetesObject } from '../kubernetes/kubernetes-object';
import { ProviderError } from '../engine/resource';

const CHARTS = join(__dirname, '../../../../charts');

export interface LocalChart {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
}

export interface Rendering {
  readonly release: string;
  readonly namespace: string;
  /** YAML, later ones win. */
  readonly values: readonly string[];
  /** Without it, helm believes in an old Kubernetes. */
  readonly kubeVersion: string;
}

/**
 * The chart of this checkout that a stack's asset is a copy of. Terraform's working directory is unknown to a provider
 * that it did not start, but an asset's folder is named after its content.
 *
 * @returns undefined for a chart from a repository
 */
export function localChart(chart: string): LocalChart | undefined {
  if (!chart.startsWith('assets/')) return undefined;
  const hash = basename(chart);
  const name = readdirSync(CHARTS).find((folder) => hashPath(join(CHARTS, folder)) === hash);
  if (name === undefined) {
    throw new ProviderError(
      'The chart was not found',
      `No folder of charts/ has the content of ${chart}. Synthesise again.`,
    );
  }
  const path = join(CHARTS, name);
  const { version, appVersion } = parse(readFileSync(join(path, 'Chart.yaml'), 'utf8')) as Record<string, string>;
  return { path, name, version: version ?? '', appVersion: appVersion ?? '' };
}

/** The objects of a chart, rendered by the real helm. */
export async function render(helm: string, chart: LocalChart, rendering: Rendering): Promise<KubernetesObject[]> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-helm-'));
  try {
    const files = rendering.values.map((values, index) => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, values, { mode: 0o600 });
      return ['--values', file];
    });
    const { release, namespace, kubeVersion } = rendering;
    const args = [
      'template',
      release,
      chart.path,
      '--namespace',
      namespace,
      '--kube-version',
      kubeVersion,
      '--include-crds',
    ];
    const { code, stdout, stderr } = await runProgram(helm, [...args, ...files.flat()]);
    if (code !== 0) throw new ProviderError(`The chart ${chart.name} cannot be rendered`, stderr);
    return parseAllDocuments(stdout).flatMap((document) => (document.toJS() as KubernetesObject | null) ?? []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

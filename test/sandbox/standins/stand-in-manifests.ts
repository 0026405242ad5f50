/** The objects of a stand-in's chart, as helm renders them for Argo CD. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { REPO_SERVER_PATH } from '#sandbox/toolchain/repo-server-path';
import { STAND_INS_FOLDER } from '#sandbox/standins/stand-ins';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import type { Json } from '#test/k8s/manifests';
import { newFolder } from '#test/new-folder';

/** An Application's source of a chart. */
export interface ChartSource {
  readonly repoURL: string;
  readonly chart: string;
  readonly targetRevision: string;
  readonly helm?: { readonly valuesObject?: object };
}

/** Pulls the chart as the repo-server does, and renders it with the values of the source. */
export async function standInManifests({ repoURL, chart, targetRevision, helm }: ChartSource): Promise<Json[]> {
  const folder = newFolder('stand-in');
  await run('pull', '--destination', folder, '--version', targetRevision, '--repo', repoURL, chart);
  return renderChart(join(folder, `${chart}-${targetRevision}.tgz`), chart, helm?.valuesObject ?? {});
}

/** @param chart path @param namespace and name of the release */
export async function renderChart(chart: string, namespace: string, values: object): Promise<Json[]> {
  const file = join(newFolder('stand-in'), 'values.yaml');
  writeFileSync(file, stringify(values));
  const stdout = await run('template', namespace, chart, '--namespace', namespace, '--values', file);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Json);
}

async function run(...args: string[]): Promise<string> {
  const { helm } = await ensureTools(['helm'], { progress: () => undefined });
  const env = { PATH: process.env['PATH'], SANDBOX_HELM: helm, SANDBOX_STAND_INS: STAND_INS_FOLDER };
  return (await promisify(execFile)(join(REPO_SERVER_PATH, 'helm'), args, { env })).stdout;
}

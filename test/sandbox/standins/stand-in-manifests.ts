/** The objects of a stand-in's chart, as helm renders them for Argo CD. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { REPO_SERVER_PATH } from '#sandbox/toolchain/repo-server-path';
import { STAND_INS_FOLDER } from '#sandbox/standins/stand-ins';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import type { Json } from '#test/k8s/manifests';

/** An Application's source of a chart. */
export interface ChartSource {
  readonly repoURL: string;
  readonly chart: string;
  readonly targetRevision: string;
  readonly helm?: { readonly valuesObject?: object };
}

/** Pulls the chart as the repo-server does, and renders it with the values of the source. */
export async function standInManifests({ repoURL, chart, targetRevision, helm }: ChartSource): Promise<Json[]> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-stand-in-'));
  try {
    const tools = await ensureTools(['helm'], { progress: () => undefined });
    const run = (...args: string[]) =>
      promisify(execFile)(join(REPO_SERVER_PATH, 'helm'), args, {
        env: { PATH: process.env['PATH'], SANDBOX_HELM: tools.helm, SANDBOX_STAND_INS: STAND_INS_FOLDER },
      });
    await run('pull', '--destination', folder, '--version', targetRevision, '--repo', repoURL, chart);
    const values = join(folder, 'values.yaml');
    writeFileSync(values, stringify(helm?.valuesObject ?? {}));
    const archive = join(folder, `${chart}-${targetRevision}.tgz`);
    const { stdout } = await run('template', chart, archive, '--namespace', chart, '--values', values);
    return parseAllDocuments(stdout).map((document) => document.toJS() as Json);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Charts that the layers name, as far as the mirror has them: pods find those under the names of their vendors' servers. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Application {
  readonly spec?: {
    readonly source?: { readonly repoURL: string; readonly chart?: string; readonly targetRevision: string };
  };
}

const ADD_ONS = join(__dirname, '../../k8s/00-infra');

/** @param mirror folder of charts as `<name>-<version>.tgz` @returns names of the servers that it stands for */
export function mirroredChartServers(mirror: string): string[] {
  const applications = readdirSync(ADD_ONS).map(
    (name) => parse(readFileSync(join(ADD_ONS, name), 'utf8')) as Application,
  );
  const charts = applications.flatMap(({ spec }) => (spec?.source?.chart === undefined ? [] : [spec.source]));
  const there = charts.filter(({ chart, targetRevision }) =>
    existsSync(join(mirror, `${chart}-${targetRevision}.tgz`)),
  );
  return [...new Set(there.map(({ repoURL }) => new URL(repoURL).hostname))];
}

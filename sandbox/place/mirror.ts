/** Helm charts in what FORGE_MIRROR names, as `<name>-<version>.tgz`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Their folder; undefined without a mirror, or where it has none. */
export function mirroredChartsFolder(mirror: string | undefined): string | undefined {
  const folder = mirror && join(mirror, 'charts');
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

/** Whether a chart is there in any version. */
export function isChartMirrored(mirror: string | undefined, chart: string): boolean {
  const folder = mirroredChartsFolder(mirror);
  const names = folder === undefined ? [] : readdirSync(folder);
  return names.some((name) => name.startsWith(`${chart}-`) && name.endsWith('.tgz'));
}

/** Where a release's chart comes from. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hashPath } from 'cdktf/lib/private/fs';
import { ProviderError, type ValueObject } from '../engine/resource';
import { optionalText, text } from '../attributes';

const CHARTS = join(__dirname, '../../../../charts');

/** The chart as helm's commands take it: its name or folder, then where and which. */
export function chartArguments(planned: ValueObject): string[] {
  const [repository, version] = [optionalText(planned, 'repository'), optionalText(planned, 'version')];
  return [
    localChart(text(planned, 'chart')) ?? text(planned, 'chart'),
    ...(repository === undefined ? [] : ['--repo', repository]),
    ...(version === undefined ? [] : ['--version', version]),
  ];
}

/**
 * The chart of this checkout that a stack's asset is a copy of. Terraform's working directory is unknown to a provider
 * that it did not start, but an asset's folder is named after its content.
 *
 * @returns undefined for a chart from a repository
 */
function localChart(chart: string): string | undefined {
  if (!chart.startsWith('assets/')) return undefined;
  const hash = basename(chart);
  const name = readdirSync(CHARTS).find((folder) => hashPath(join(CHARTS, folder)) === hash);
  if (name !== undefined) return join(CHARTS, name);
  throw new ProviderError(
    'The chart was not found',
    `No folder of charts/ has the content of ${chart}. Synthesise again.`,
  );
}

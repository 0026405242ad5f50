/** Writes docs/performance.md and its plots. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Curve, Results } from '../measurement';
import { curveTable, figureTable, growthWords, isMissed } from './figure-table';
import { describeMachine, type Machine } from './machine';
import { plot } from './plot';

const PLOTS = 'performance';
const REMARKS = join(__dirname, '../remarks.md');

/** @returns the file of the report */
export function writeReport(docs: string, results: Results, seconds: number): string {
  const plots = join(docs, PLOTS);
  rmSync(plots, { recursive: true, force: true });
  mkdirSync(plots, { recursive: true });
  for (const curve of results.curves) writeFileSync(join(plots, `${curve.file}.svg`), plot(curve));
  const file = join(docs, 'performance.md');
  const remarks = readFileSync(REMARKS, 'utf8');
  writeFileSync(file, reportText({ results, machine: describeMachine(), date: new Date(), seconds, remarks }));
  return file;
}

export interface ReportInput {
  readonly results: Results;
  readonly machine: Machine;
  readonly date: Date;
  /** That the whole run took. */
  readonly seconds: number;
  /** What people found out about the figures, in Markdown. */
  readonly remarks: string;
}

export function reportText({ results, machine, date, seconds, remarks }: ReportInput): string {
  const { figures, curves, failures } = results;
  const missed = figures.filter((figure) => isMissed(figure)).map(({ what }) => what);
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return `${[
    '# Speed and scale',
    `Written by \`npm run bench\`: ${date.toISOString().slice(0, 10)}, in ${Math.round(seconds / 60)} minutes, on ${machine.cores} cores ` +
      `(${machine.processor}) with ${machine.memoryGb} GB. ${versions.join(', ')}. One such run is one machine on one day: the ratios say more than the seconds.`,
    '## Targets',
    missed.length === 0 ? 'Every target is met, by the median.' : `Missed, by the median: ${missed.join('; ')}.`,
    ...failures.map(({ name, reason }) => `**Could not be measured: ${name}** (${reason.split('\n')[0]})`),
    figureTable(figures),
    '## How it grows',
    'Both axes of the plots are logarithmic: a straight line is a power, and one that rises by one decade per decade grows linearly. Points are medians.',
    ...curves.map(curveText),
    remarks.trimEnd(),
  ].join('\n\n')}\n`;
}

function curveText(curve: Curve): string {
  const words = growthWords(curve).join(' ');
  const image = `![${curve.title} by ${curve.along}](${PLOTS}/${curve.file}.svg)`;
  return [`### ${curve.title}`, words, image, curveTable(curve)].join('\n\n');
}

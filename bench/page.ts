/** The text of docs/performance.md. */
import { figureTable, isMissed } from './figures';
import type { Machine } from './machine';
import type { Results } from './measurement';

export interface PageInput {
  readonly results: Results;
  readonly machine: Machine;
  readonly date: Date;
  /** That the whole run took. */
  readonly seconds: number;
  /** What people found out about the figures, in Markdown. */
  readonly remarks: string;
}

export function pageText({ results, machine, date, seconds, remarks }: PageInput): string {
  const { figures, failures } = results;
  const missed = figures.filter((figure) => isMissed(figure)).map(({ what }) => what);
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const measured = `Written by \`npm run bench\`: ${date.toISOString().slice(0, 10)}, in ${Math.round(seconds / 60)} minutes`;
  const paragraphs = [
    '# Speed and scale',
    `${measured}, on ${machine.cores} cores (${machine.processor}) with ${machine.memoryGb} GB. ${versions.join(', ')}.`,
    'One such run is one machine on one day: the ratios say more than the seconds.',
    missed.length === 0 ? 'Every target is met, by the median.' : `Missed, by the median: ${missed.join('; ')}.`,
    ...failures.map(({ name, reason }) => `**Could not be measured: ${name}** (${reason.split('\n')[0]})`),
    figureTable(figures),
    remarks.trimEnd(),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

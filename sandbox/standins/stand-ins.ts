/** The charts that take the place of those whose programs cannot work where no container runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface StandIn {
  /** Of the chart that it stands for. */
  readonly name: string;
  /** What it has, and what it lacks. */
  readonly description: string;
}

/** Holds a folder per chart. */
export const STAND_INS_FOLDER = __dirname;

export function standIns(): StandIn[] {
  const folders = readdirSync(STAND_INS_FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => {
    const chart = parse(readFileSync(join(STAND_INS_FOLDER, name, 'Chart.yaml'), 'utf8')) as StandIn;
    return { name, description: chart.description };
  });
}

/** Figures as a table. */
import type { Figure, Unit } from './measurement';

/** Throws without values: a measurement that measured nothing is a mistake. */
export function spread(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (index: number): number => {
    const value = sorted[index];
    if (value === undefined) throw new Error('there are no values');
    return value;
  };
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
  };
}

function amount(value: number, unit: Unit): string {
  if (unit === 'MB') return `${value.toFixed(0)} MB`;
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

/** Whether the median is more than the target; undefined without one. */
export function isMissed({ values, atMost }: Figure): boolean | undefined {
  return atMost === undefined ? undefined : spread(values).median > atMost;
}

/** `0.31 of 2.40 s (terraform state list)`, of the medians. */
function ratio({ values, unit, beside }: Figure): string {
  if (beside === undefined) return '';
  const other = spread(beside.values).median;
  return `${(spread(values).median / other).toFixed(2)} of ${amount(other, unit)} (${beside.what})`;
}

/** A table in Markdown. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { min, median, max } = spread(figure.values);
    const cells = [min, median, max].map((value) => amount(value, figure.unit));
    return [figure.what, String(figure.values.length), ...cells, ...verdict(figure), ratio(figure)];
  });
  const head = ['what', 'runs', 'min', 'median', 'max', 'at most', '', 'ratio to what was measured beside it'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = '| --- | --: | --: | --: | --: | --: | --- | --- |';
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function verdict(figure: Figure): [target: string, verdict: string] {
  if (figure.atMost === undefined) return ['', ''];
  return [`${figure.atMost} ${figure.unit}`, isMissed(figure) ? '**missed**' : 'met'];
}

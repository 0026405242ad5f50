/** Figures as lines of text and as a table. */
import type { Curve, Figure, Findings, Unit } from '../measurement';
import { growth, spread } from '../statistics';

/** Above it, twice as many take clearly more than twice as long: chance alone does not do that. */
const FASTER_THAN_LINEAR = 1.15;

export function amount(value: number, unit: Unit): string {
  if (unit === 'MB') return `${value.toFixed(0)} MB`;
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

/** Whether the median is more than the target; undefined without one. */
export function isMissed({ values, atMost }: Figure): boolean | undefined {
  return atMost === undefined ? undefined : spread(values).median > atMost;
}

/** `0.31 (2.4 s, npx ts-node)`, of the medians. */
export function ratio({ values, unit, beside }: Figure): string {
  if (beside === undefined) return '';
  const other = spread(beside.values).median;
  return `${(spread(values).median / other).toFixed(2)} of ${amount(other, unit)} (${beside.what})`;
}

/** A table in Markdown. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { min, median, max } = spread(figure.values);
    const cells = [min, median, max].map((value) => amount(value, figure.unit));
    const target = figure.atMost === undefined ? '' : amount(figure.atMost, figure.unit).replace(/\.0+ /, ' ');
    return [figure.what, String(figure.values.length), ...cells, target, verdict(figure), ratio(figure)];
  });
  const head = ['what', 'runs', 'min', 'median', 'max', 'at most', '', 'ratio to what was measured beside it'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = '| --- | --: | --: | --: | --: | --: | --- | --- |';
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function verdict(figure: Figure): string {
  const missed = isMissed(figure);
  if (missed === undefined) return '';
  return missed ? '**missed**' : 'met';
}

/** The points of a curve, as a table in Markdown. */
export function curveTable({ along, unit, series }: Curve): string {
  const head = `| ${along} | ${series.map(({ name }) => `${name} (min, median, max)`).join(' | ')} |`;
  const rule = `| --: |${' --: |'.repeat(series.length)}`;
  const xs = series[0]?.points.map(({ x }) => x) ?? [];
  const rows = xs.map((x, index) => {
    const cells = series.map(({ points }) => {
      const { min, median, max } = spread(points[index]?.values ?? []);
      return [min, median, max].map((value) => amount(value, unit)).join(', ');
    });
    return `| ${x.toLocaleString('en')} | ${cells.join(' | ')} |`;
  });
  return [head, rule, ...rows].join('\n');
}

/** How each series of a curve grows at its end, in words. */
export function growthWords({ along, series }: Curve): string[] {
  return series.flatMap(({ name, points }) => {
    const exponent = growth(points.map(({ x, values }) => ({ x, y: spread(values).median })));
    if (exponent === undefined) return [];
    const [before, last] = points.slice(-2).map(({ x }) => x.toLocaleString('en'));
    const words = exponent > FASTER_THAN_LINEAR ? ', **faster than linearly**' : '';
    return [`${name}: from ${before} to ${last} ${along} as n^${exponent.toFixed(2)}${words}.`];
  });
}

/** All findings for the terminal. */
export function describeFigures({ figures, curves }: Findings): string {
  const lines = figures.map((figure) => {
    const { min, median, max } = spread(figure.values);
    const [low, middle, high] = [min, median, max].map((value) => amount(value, figure.unit));
    const target = figure.atMost === undefined ? '' : `, at most ${amount(figure.atMost, figure.unit)}`;
    const missed = isMissed(figure) ? ' MISSED' : '';
    const beside = figure.beside === undefined ? '' : `; ${ratio(figure)}`;
    return `${figure.what}: ${middle} (${low} to ${high})${target}${missed}${beside}`;
  });
  const grown = curves.flatMap((curve) => [
    `${curve.title}`,
    ...curve.series.flatMap(({ name, points }) =>
      points.map(({ x, values }) => `  ${name}, ${x} ${curve.along}: ${amount(spread(values).median, curve.unit)}`),
    ),
    ...growthWords(curve).map((line) => `  ${line.replaceAll('**', '')}`),
  ]);
  return `${[...lines, ...grown].join('\n')}\n`;
}

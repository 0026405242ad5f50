/** Curves as SVG, readable on a light and on a dark page. */
import * as echarts from 'echarts';
import type { Curve } from '../measurement';
import { spread } from '../statistics';

const [WIDTH, HEIGHT] = [720, 360];
/** On light, and what takes its place on dark: GitHub's own inks and canvases. */
const INK = { light: '#1f2328', dark: '#e6edf3' };
const LINE = { light: '#d1d9e0', dark: '#3d444d' };
const PAGE = { light: '#ffffff', dark: '#0d1117' };
/** Blue and orange of one brightness, to be told apart without seeing colours by their marks. */
const SERIES = ['#4393e4', '#e0823d'];
const MARKS = ['circle', 'rect'];

export function plot(curve: Curve): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption(options(curve));
    return withColourSchemes(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

function options({ title, along, unit, series }: Curve): echarts.EChartsOption {
  const text = { color: INK.light, fontFamily: 'sans-serif' };
  const axis = {
    type: 'log' as const,
    nameTextStyle: { ...text, fontSize: 13 },
    nameLocation: 'middle' as const,
    axisLabel: { ...text, formatter: (value: number) => value.toLocaleString('en') },
    axisLine: { lineStyle: { color: LINE.light } },
    splitLine: { lineStyle: { color: LINE.light } },
  };
  const ys = series.flatMap(({ points }) => points.flatMap(({ values }) => values));
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
  return {
    animation: false,
    backgroundColor: PAGE.light,
    color: SERIES,
    title: { text: title, left: 'center', top: 8, textStyle: { ...text, fontSize: 16 } },
    // Wide gaps: the text is measured without its font.
    legend: { top: 36, itemGap: 40, textStyle: text },
    grid: { left: 72, right: 32, top: 76, bottom: 56 },
    xAxis: {
      ...axis,
      axisLabel: { ...axis.axisLabel, customValues: xs },
      name: along,
      nameGap: 30,
      min: Math.min(...xs),
      max: Math.max(...xs),
    },
    yAxis: { ...axis, name: unit, nameGap: 48, ...bounds(ys) },
    series: series.map(({ name, points }, index) => ({
      ...{ type: 'line' as const, name, symbol: MARKS[index % MARKS.length] ?? 'circle', symbolSize: 9 },
      data: points.map(({ x, values }) => [x, spread(values).median]),
      lineStyle: { width: 2.5 },
    })),
  };
}

/** Whole steps of 1, 2 and 5, so that little chance does not look like growth. */
function bounds(values: readonly number[]): { min: number; max: number } {
  const steps = [-3, -2, -1, 0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
  const below = steps.filter((step) => step <= Math.min(...values)).at(-1);
  const above = steps.find((step) => step >= Math.max(...values));
  return { min: below ?? 0.001, max: above ?? 1e6 };
}

function withColourSchemes(svg: string): string {
  const rules = [INK, LINE, PAGE].flatMap(({ light, dark }) =>
    ['fill', 'stroke'].map((property) => `[${property}="${light}"]{${property}:${dark}}`),
  );
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`;
  return `${svg.replace(/^(<svg[^>]*>)/, `$1${style}`)}\n`;
}

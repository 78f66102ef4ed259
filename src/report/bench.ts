import type { BenchResult } from '../operations/bench.ts';
import type { Display } from './display.ts';
import { formatNumber } from './metrics/figure.ts';
import { createPaint } from './paint.ts';
import { type Column, formatTable } from './table.ts';
import { formatCount, joinLines, sanitizeLine } from './text.ts';

const fields = ['mean', 'p50', 'p95', 'p99', 'max'] as const;

const columns: readonly Column[] = [
  { title: 'figure' },
  { title: 'unit' },
  ...fields.map((title): Column => ({ title, align: 'right' })),
];

/** What rendering costs, and the thresholds that are not kept. */
export const formatBench = (result: BenchResult, display: Display): string => {
  const paint = createPaint(display);
  const show = (value: number): string => (display.columns === null ? String(value) : formatNumber(value, 3));
  const figures = [
    ['time', 'ms', result.timeMs],
    ['cpu', 'ms', result.cpuMs],
    ['heap', 'MB', result.heapMb],
  ] as const;
  const rows = figures.map(([name, unit, figure]) => [
    name,
    unit,
    ...fields.map((field) => show(figure[field])),
  ]);
  const table = formatTable(columns, rows, display);
  const exceeded = result.exceeded.map(({ figure, value, max }) =>
    display.columns === null
      ? ['exceeded', figure, show(value), show(max)].join('\t')
      : paint.bad(`${figure} is ${show(value)}, more than ${show(max)}`),
  );
  if (display.columns === null) return joinLines([table, ...exceeded]);
  const { prompt, version, iterations, cases, rssMaxMb } = result;
  const name = `${paint.strong(sanitizeLine(prompt))} ${paint.version(version ?? 'working')}`;
  const head = `${name}: ${formatCount(cases, 'case')}, each rendered ${formatCount(iterations, 'time')}`;
  const foot = paint.dim(`The process took ${show(rssMaxMb)} MB at most.`);
  return joinLines([head, table, joinLines([...exceeded, foot])], '\n\n');
};

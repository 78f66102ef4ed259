import type { TestResult } from '../operations/test.ts';
import type { Display } from './display.ts';
import { formatVerdict } from './metrics/compare.ts';
import { changeFigures, formatP } from './metrics/figure.ts';
import { createPaint } from './paint.ts';
import { type Column, formatTable } from './table.ts';
import { joinLines, sanitizeLine } from './text.ts';

const targetColumns: readonly Column[] = [
  { title: 'environment' },
  { title: 'provider' },
  { title: 'model', shrinksTo: 12 },
  { title: 'passed', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'not run', align: 'right' },
  { title: 'latency', align: 'right' },
  { title: 'tokens', align: 'right', optional: true },
  { title: 'similarity', align: 'right', optional: true },
  { title: 'cost', align: 'right' },
];

const metricColumns: readonly Column[] = [
  { title: 'metric' },
  { title: 'verdict' },
  { title: 'a', align: 'right' },
  { title: 'b', align: 'right' },
  { title: 'change', align: 'right' },
  { title: 'interval', optional: true },
  { title: 'p', align: 'right' },
  { title: 'pairs', align: 'right' },
  { title: 'test', optional: true },
];

/** What the list of cases does not show: the matrix of several targets, and how two texts compare. Empty when neither was asked. */
export const formatTestTables = (result: TestResult, display: Display): string =>
  joinLines([formatTargets(result, display), ...formatComparisons(result, display)], '\n\n');

const formatTargets = ({ targets }: TestResult, display: Display): string | null => {
  if (targets.length < 2) return null;
  const { value } = changeFigures(display);
  const rows = targets.map((one) => [
    one.environment ?? '',
    one.provider ?? '',
    one.model ?? '',
    String(one.passed),
    String(one.failed),
    String(one.errored + one.skipped),
    value('latency_ms', one.latencyMs),
    value('output_tokens', one.outputTokens),
    value('similarity', one.similarity),
    value('cost_usd', one.costUsd),
  ]);
  return formatTable(targetColumns, rows, display);
};

const formatComparisons = ({ comparisons }: TestResult, display: Display): string[] => {
  const paint = createPaint(display);
  const figures = changeFigures(display);
  return comparisons.map(({ prompt, a, b, environment, model, metrics }) => {
    const rows = metrics.map((one) => [
      one.metric,
      formatVerdict(one.verdict, paint),
      figures.value(one.metric, one.a),
      figures.value(one.metric, one.b),
      figures.change(one.metric, one.change),
      figures.interval(one.metric, one.interval),
      display.columns === null ? String(one.p ?? '') : formatP(one.p),
      String(one.pairs),
      one.test,
    ]);
    const place = [environment, model].filter((part) => part !== null).join(', ');
    const head = `${paint.strong(sanitizeLine(prompt))}${place && ` (${sanitizeLine(place)})`}: ${paint.version(sanitizeLine(a))} → ${paint.version(sanitizeLine(b))}, case by case`;
    const table = formatTable(metricColumns, rows, display);
    return display.columns === null ? table : joinLines([head, table], '\n\n');
  });
};

import type { JudgedMetric, MetricsRegressResult } from '../../operations/metrics/regress.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { formatCount, joinLines, sanitizeLine } from '../text.ts';
import { wrapText } from '../width.ts';
import { formatVerdict } from './compare.ts';
import { changeFigures, formatNumber, formatShare } from './figure.ts';

const columns: readonly Column[] = [
  { title: 'metric', shrinksTo: 10 },
  { title: 'verdict' },
  { title: 'change', align: 'right' },
  { title: 'interval' },
  { title: "cohen's d", align: 'right' },
  { title: "hedges' g", align: 'right', optional: true },
  { title: 'p welch', align: 'right', optional: true },
  { title: 'p mann-whitney', align: 'right', optional: true },
  { title: 'outliers', optional: true },
  { title: 'decided by', optional: true },
];

/** Whether it got worse, metric by metric, and what to do. */
export const formatMetricsRegress = (result: MetricsRegressResult, display: Display): string => {
  const paint = createPaint(display);
  const { prompt, baseline, current, verdict, metrics, recommendation, confidence, minEffect } = result;
  const table = formatTable(
    columns,
    metrics.map((metric) => formatRow(metric, display)),
    display,
  );
  if (display.columns === null) return table;
  const sides = [baseline, current].map(
    ({ label, records }) => `${paint.version(sanitizeLine(label))} (${formatCount(records, 'record')})`,
  );
  const word = formatVerdict(verdict, paint);
  const shown = typeof word === 'string' ? word : word.paint(word.text);
  return joinLines(
    [
      `${paint.strong(sanitizeLine(prompt))}: ${sides.join(' → ')}: ${shown}`,
      table,
      wrapLines(joinLines([sanitizeLine(recommendation), ...metrics.map(formatRemark)]), display.columns),
      paint.dim(
        `Confidence ${formatShare(confidence)}; an effect counts from ${minEffect} standard deviations.`,
      ),
    ],
    '\n\n',
  );
};

const formatRow = (metric: JudgedMetric, display: Display): Cell[] => {
  const figures = changeFigures(display);
  const effect = (value: number | null): string => (value === null ? '' : formatNumber(value, 3));
  const pOf = (name: string) => figures.p(metric.tests.find(({ test }) => test === name)?.p ?? null);
  const { outliers } = metric;
  return [
    metric.metric,
    formatVerdict(metric.verdict, createPaint(display)),
    figures.change(metric.metric, metric.change),
    figures.interval(metric.metric, metric.interval),
    effect(metric.cohensD),
    effect(metric.hedgesG),
    pOf('welch'),
    pOf('mann-whitney'),
    outliers === null ? '' : `${outliers.baseline.count}, ${outliers.current.count}`,
    metric.decidedBy,
  ];
};

const wrapLines = (text: string, columns: number): string =>
  text
    .split('\n')
    .map((line) => wrapText(line, columns))
    .join('\n');

/** What must be known beside the figures: that the tests disagree, and that not all values were looked at. */
const formatRemark = ({
  metric,
  agreement,
  verdict,
  recommendation,
  sampled,
}: JudgedMetric): string | null => {
  const isSaid = verdict === 'regression';
  const doubt = agreement === false && !isSaid ? sanitizeLine(recommendation) : null;
  const share =
    sampled === null || sampled.seed === null
      ? null
      : `Of ${sanitizeLine(metric)}, ${sampled.a} and ${sampled.b} values were drawn (seed "${sanitizeLine(sampled.seed)}").`;
  return doubt === null && share === null ? null : joinLines([doubt, share]);
};

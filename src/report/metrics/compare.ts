import type { ComparedMetric, MetricsCompareResult } from '../../operations/metrics/compare.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { formatCount, joinLines, sanitizeLine } from '../text.ts';
import {
  formatFigure,
  formatInterval,
  formatP,
  formatPercent,
  formatPoints,
  formatReason,
  formatSigned,
} from './change-figures.ts';

const columns: readonly Column[] = [
  { title: 'metric' },
  { title: 'verdict' },
  { title: 'a', align: 'right' },
  { title: 'b', align: 'right' },
  { title: 'change', align: 'right' },
  { title: 'relative', align: 'right' },
  { title: 'interval' },
  { title: 'p', align: 'right', optional: true },
  { title: 'missing', optional: true },
  { title: 'distribution', optional: true },
  { title: 'remark', shrinksTo: 12, optional: true },
];

/** Two sides metric by metric: the change with its interval and a verdict. */
export const formatMetricsCompare = (result: MetricsCompareResult, display: Display): string => {
  const paint = createPaint(display);
  const { prompt, environment, a, b, confidence, metrics } = result;
  const table = formatComparedMetrics(metrics, display);
  if (display.columns === null) return table;
  const place = environment === null ? '' : ` in ${sanitizeLine(environment)}`;
  const sides = [a, b].map(
    ({ label, records }) => `${paint.version(sanitizeLine(label))} (${formatCount(records, 'record')})`,
  );
  const head = `${paint.strong(sanitizeLine(prompt))}${place}: ${sides.join(' → ')}`;
  const foot = paint.dim(
    `Intervals of ${formatPercent(confidence)} confidence; a verdict only where one leaves out 0.`,
  );
  return joinLines([head, table, foot], '\n\n');
};

/** One row a metric. */
export const formatComparedMetrics = (metrics: readonly ShownMetric[], display: Display): string => {
  const paint = createPaint(display);
  return formatTable(
    columns,
    metrics.map((metric) => formatRow(metric, paint)),
    display,
  );
};

type ShownMetric = Omit<ComparedMetric, 'distribution'> & Partial<Pick<ComparedMetric, 'distribution'>>;

/** The error rate is a share, so its figures read best as percentages. */
const formatterOf = ({ test }: Pick<ComparedMetric, 'test'>) =>
  test === 'proportions' ? formatPercent : formatFigure;

const formatRow = (metric: ShownMetric, paint: Paint): Cell[] => {
  const format = formatterOf(metric);
  const formatChange = metric.test === 'proportions' ? formatPoints : formatFigure;
  return [
    metric.metric,
    formatVerdict(metric.verdict, paint),
    format(metric.a.mean),
    format(metric.b.mean),
    formatSigned(metric.change, formatChange),
    formatSigned(metric.relativeChange, formatPercent),
    formatInterval(metric.interval, formatChange),
    formatP(metric.p),
    metric.a.missing + metric.b.missing === 0 ? '' : `${metric.a.missing}, ${metric.b.missing}`,
    formatDistribution(metric),
    formatReason(metric.reason),
  ];
};

/** A verdict with its colour. */
export const formatVerdict = (verdict: string, paint: Paint): Cell => {
  const painters = new Map([
    ['better', paint.good],
    ['improving', paint.good],
    ['worse', paint.bad],
    ['worsening', paint.bad],
    ['regression', paint.bad],
    ['insufficient', paint.warn],
  ]);
  return { text: verdict, paint: painters.get(verdict) ?? paint.dim };
};

const formatDistribution = ({ distribution = null }: ShownMetric): string =>
  distribution === null
    ? ''
    : `${distribution.verdict} (D ${formatFigure(distribution.d)}, p ${formatP(distribution.p)})`;

import type { ComparedMetric, MetricsCompareResult } from '../../operations/metrics/compare.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { formatCount, joinLines, sanitizeLine } from '../text.ts';
import { changeFigures, formatNumber, formatP, formatReason, formatShare } from './figure.ts';

const columns: readonly Column[] = [
  { title: 'metric', shrinksTo: 10 },
  { title: 'verdict' },
  { title: 'a', align: 'right' },
  { title: 'b', align: 'right' },
  // Beside both values the change can be spared; an interval that is cut off says nothing.
  { title: 'change', align: 'right', optional: true },
  { title: 'interval of change' },
  { title: 'relative', align: 'right', optional: true },
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
    `Intervals of ${formatShare(confidence)} confidence; a verdict only where one leaves out 0.`,
  );
  return joinLines([head, table, foot], '\n\n');
};

/** One row a metric. */
export const formatComparedMetrics = (metrics: readonly ShownMetric[], display: Display): string => {
  return formatTable(
    columns,
    metrics.map((metric) => formatRow(metric, display)),
    display,
  );
};

type ShownMetric = Omit<ComparedMetric, 'distribution'> & Partial<Pick<ComparedMetric, 'distribution'>>;

const formatRow = (one: ShownMetric, display: Display): Cell[] => {
  const { metric, verdict, a, b, change, relativeChange, interval, p, reason } = one;
  const figures = changeFigures(display);
  return [
    metric,
    formatVerdict(verdict, createPaint(display)),
    figures.value(metric, a.mean),
    figures.value(metric, b.mean),
    figures.change(metric, change),
    figures.interval(metric, interval),
    figures.relative(relativeChange),
    figures.p(p),
    a.missing + b.missing === 0 ? '' : `${a.missing}, ${b.missing}`,
    formatDistribution(one),
    formatReason(reason),
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
    : `${distribution.verdict} (D ${distribution.d === null ? '–' : formatNumber(distribution.d)}, p ${formatP(distribution.p) || '–'})`;

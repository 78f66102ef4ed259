import type { VersionChange } from '../../core/metrics/version-changes.ts';
import type { MetricsTrendResult, TrendSeries } from '../../operations/metrics/trend.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { formatVerdict } from './compare.ts';
import { changeFigures, formatFigure, formatP, formatReason } from './figure.ts';

const columns: readonly Column[] = [
  { title: 'at' },
  { title: 'version' },
  { title: 'change' },
  { title: 'before', align: 'right' },
  { title: 'after', align: 'right' },
  { title: 'verdict' },
  { title: 'p', align: 'right', optional: true },
];

/** A metric over time: a sparkline, the line through it, and where versions changed; in a pipe one row a bucket. */
export const formatMetricsTrend = (result: MetricsTrendResult, display: Display): string => {
  const { series, metric, prompt, timeZone, changes, bucket, sinceLocal, untilLocal } = result;
  if (display.columns === null) return formatTable([], series.flatMap(pipeRows), display);
  const paint = createPaint(display);
  const place = prompt === null ? 'all prompts' : sanitizeLine(prompt);
  const head = joinLines([
    `${paint.strong(sanitizeLine(metric))} of ${place}, by ${bucket}, ${sanitizeLine(timeZone)}`,
    paint.dim(`Runs since ${withoutFraction(sinceLocal)} until ${withoutFraction(untilLocal)}`),
  ]);
  if (series.length === 0) return joinLines([head, 'No run in this time.'], '\n\n');
  const lines = series.map((one) => formatSeries(one, result, display));
  return joinLines([head, ...lines, formatChanges(metric, changes, display)], '\n\n');
};

const withoutFraction = (time: string): string => time.replace(/\.\d+/, '');

const formatSeries = (series: TrendSeries, trend: MetricsTrendResult, display: Display): string => {
  const { bucket, metric, by, changes } = trend;
  const paint = createPaint(display);
  const figures = changeFigures(display);
  const shown = series.points.slice(-Math.max(10, (display.columns ?? 80) - 30));
  const word = formatVerdict(series.verdict, paint);
  const verdict = typeof word === 'string' ? word : word.paint(word.text);
  const slope =
    series.slope === null
      ? null
      : `${figures.change(metric, series.slope)} a ${bucket} ${figures.interval(metric, series.interval)}${series.p === null ? '' : `, p ${formatP(series.p)}`}`;
  const reason = formatReason(series.reason) || null;
  return joinLines([
    by === null ? null : paint.strong(sanitizeLine(series.key ?? `(no ${by})`)),
    `${drawSparkline(shown.map(({ value }) => value))}${formatRange(series, metric)}`,
    by === null ? drawMarks(shown, changes, paint) : null,
    paint.dim(formatAxis(series, shown.length)),
    `${verdict}: ${[slope, reason].filter((part) => part !== null).join(', ')}`,
    ...series.forecast.map(({ ahead, value, interval }) =>
      value === null
        ? `in ${ahead}: too few buckets`
        : `in ${ahead}: ${formatFigure(metric, value)} ${formatEnds(metric, interval)}`,
    ),
  ]);
};

const formatEnds = (metric: string, interval: readonly [number, number] | null): string =>
  interval === null ? '' : `[${interval.map((end) => formatFigure(metric, end)).join(', ')}]`;

const formatRange = ({ points }: TrendSeries, metric: string): string => {
  const known = points.map(({ value }) => value).filter((value) => value !== null);
  if (known.length === 0) return 'no value';
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return `  ${formatFigure(metric, low)} … ${formatFigure(metric, high)}`;
};

/** A mark below each bucket in which a version changed; null where none of those shown has one. */
const drawMarks = (
  shown: TrendSeries['points'],
  changes: readonly VersionChange[],
  paint: Paint,
): string | null => {
  const marked = new Set(changes.map(({ bucket }) => bucket));
  const marks = shown
    .map(({ bucket }) => (marked.has(bucket) ? '▲' : ' '))
    .join('')
    .trimEnd();
  return marks === '' ? null : paint.version(marks);
};

/** From which bucket to which the sparkline goes, and how many of them are empty or did not fit. */
const formatAxis = ({ points }: TrendSeries, width: number): string => {
  const shown = points.slice(-width);
  const empty = shown.filter(({ value }) => value === null).length;
  const [first, last] = [shown[0]?.bucket ?? '', shown.at(-1)?.bucket ?? ''];
  const notes = [
    shown.length < points.length ? `, the last ${shown.length} of ${points.length}` : '',
    empty === 0 ? '' : `, ${empty} without a value`,
  ];
  return `${first === last ? first : `${first} … ${last}`}${notes.join('')}`;
};

const ticks = '▁▂▃▄▅▆▇█';

/** One character a value, a space where there is none. */
export const drawSparkline = (values: readonly (number | null)[]): string => {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values
    .map((value) => {
      if (value === null) return ' ';
      const share = high === low ? 0.5 : (value - low) / (high - low);
      return ticks[Math.min(ticks.length - 1, Math.floor(share * ticks.length))] ?? ' ';
    })
    .join('');
};

const formatChanges = (
  metric: string,
  changes: readonly VersionChange[],
  display: Display,
): string | null => {
  const paint = createPaint(display);
  const rows = changes.map(({ bucket, version, previousVersion, kind, comparison }): Cell[] => [
    bucket,
    { text: `${previousVersion} → ${version}`, paint: paint.version },
    kind,
    formatFigure(metric, comparison.a.mean),
    formatFigure(metric, comparison.b.mean),
    formatVerdict(comparison.verdict, paint),
    formatP(comparison.p),
  ]);
  return rows.length === 0 ? null : formatTable(columns, rows, display);
};

const pipeRows = ({ key, points }: TrendSeries): Cell[][] =>
  points.map(({ bucket, value, count }) => [key ?? '', bucket, String(value ?? ''), String(count)]);

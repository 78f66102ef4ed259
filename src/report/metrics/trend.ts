import type { MetricsTrendResult, TrendSeries, VersionChange } from '../../operations/metrics/trend.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import {
  formatFigure,
  formatInterval,
  formatP,
  formatPercent,
  formatReason,
  formatSigned,
} from './change-figures.ts';
import { formatVerdict } from './compare.ts';

const columns: readonly Column[] = [
  { title: 'at' },
  { title: 'version' },
  { title: 'before', align: 'right' },
  { title: 'after', align: 'right' },
  { title: 'verdict' },
];

/** A metric over time: a sparkline, the line through it, and where versions changed; in a pipe one row a bucket. */
export const formatMetricsTrend = (result: MetricsTrendResult, display: Display): string => {
  const { series, metric, prompt, since, until, timeZone, changes, bucket } = result;
  if (display.columns === null) return formatTable([], series.flatMap(pipeRows), display);
  const paint = createPaint(display);
  const place = prompt === null ? 'all prompts' : sanitizeLine(prompt);
  const span = `${since.slice(0, 10)} to ${until.slice(0, 10)}, by ${bucket}, ${sanitizeLine(timeZone)}`;
  const head = `${paint.strong(sanitizeLine(metric))} of ${place}, ${span}`;
  if (series.length === 0) return joinLines([head, 'No record has it in this time.'], '\n\n');
  const format = formatterOf(metric);
  const lines = series.map((one) =>
    formatSeries(one, { bucket, format, width: display.columns ?? 80, paint }),
  );
  const marks =
    changes.length === 0
      ? null
      : formatTable(
          columns,
          changes.map((change) => formatChange(change, format, paint)),
          display,
        );
  return joinLines([head, ...lines, marks], '\n\n');
};

const formatterOf = (metric: string) => (metric === 'error_rate' ? formatPercent : formatFigure);

interface SeriesLayout {
  readonly bucket: string;
  readonly format: (value: number | null) => string;
  readonly width: number;
  readonly paint: Paint;
}

const formatSeries = (series: TrendSeries, { bucket, format, width, paint }: SeriesLayout): string => {
  const values = series.points.map(({ value }) => value);
  const known = values.filter((value) => value !== null);
  const range = known.length === 0 ? '' : `  ${format(Math.min(...known))} … ${format(Math.max(...known))}`;
  const word = formatVerdict(series.verdict, paint);
  const verdict = typeof word === 'string' ? word : word.paint(word.text);
  const slope = `${formatSigned(series.slope, format)} a ${bucket} ${formatInterval(series.interval, format)}, p ${formatP(series.p)}`;
  const reason = series.reason === null ? '' : ` (${formatReason(series.reason)})`;
  return joinLines([
    series.key === null ? null : paint.strong(sanitizeLine(series.key)),
    `${drawSparkline(values, Math.max(10, width - 30))}${range}`,
    `${verdict}: ${slope}${reason}`,
    ...series.forecast.map(
      ({ ahead, value, interval }) => `in ${ahead}: ${format(value)} ${formatInterval(interval, format)}`,
    ),
  ]);
};

const ticks = '▁▂▃▄▅▆▇█';

/** One character a value, a space where there is none; the last ones where they do not fit. */
export const drawSparkline = (values: readonly (number | null)[], width: number): string => {
  const shown = values.slice(-width);
  const known = shown.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return shown
    .map((value) => {
      if (value === null) return ' ';
      const share = high === low ? 0.5 : (value - low) / (high - low);
      return ticks[Math.min(ticks.length - 1, Math.floor(share * ticks.length))] ?? ' ';
    })
    .join('');
};

const formatChange = (
  { bucket, version, previousVersion, comparison }: VersionChange,
  format: SeriesLayout['format'],
  paint: Paint,
): Cell[] => [
  bucket,
  { text: `${previousVersion} → ${version}`, paint: paint.version },
  format(comparison.a.mean),
  format(comparison.b.mean),
  formatVerdict(comparison.verdict, paint),
];

const pipeRows = ({ key, points }: TrendSeries): Cell[][] =>
  points.map(({ bucket, value, count }) => [
    ...[key ?? '', bucket, value === null ? '' : String(value), String(count)],
  ]);

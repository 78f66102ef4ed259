import type { ModelRank, ModelRanking } from '../../core/metrics/rank-models.ts';
import type { MetricsSummaryResult, SummaryFigures, SummaryGroup } from '../../operations/metrics/summary.ts';
import type { Display } from '../display.ts';
import { createPaint, type Painter } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { formatCount, joinLines, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { formatFigure, formatP, formatShare, formatWhole } from './figure.ts';

interface SummaryLayout {
  /** True when the metrics were chosen: then each has a table of its own. */
  readonly hasChosen: boolean;
}

/** The figures of every group: a line each, and in full where there is one group or a metric was chosen. */
export const formatMetricsSummary = (
  result: MetricsSummaryResult,
  display: Display,
  { hasChosen }: SummaryLayout = { hasChosen: false },
): string => {
  if (display.columns === null) return formatPiped(result, display);
  if (result.groups.length === 0) return 'No runs.';
  const paint = createPaint(display);
  const [only] = result.groups;
  const isSingle = result.groups.length === 1 && only !== undefined;
  return joinLines(
    [
      joinLines([formatPeriod(result, paint.dim), formatGroups(result, display)]),
      isSingle ? formatMetricRows(only, display) : null,
      ...(hasChosen && !isSingle
        ? metricsOf(result.groups).map((name) => formatMetric(name, result, display))
        : []),
      formatModels(result.models ?? [], display),
      formatNotes(result, paint.dim),
    ],
    '\n\n',
  );
};

const formatPeriod = (
  { sinceLocal, untilLocal, by, timeZone }: MetricsSummaryResult,
  dim: Painter,
): string | null => {
  const parts = [
    sinceLocal === null ? null : `since ${sinceLocal}`,
    untilLocal === null ? null : `until ${untilLocal}`,
    by.some((field) => ['hour', 'day', 'week', 'month'].includes(field)) ? `times in ${timeZone}` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : dim(`Runs ${parts.join(', ')}`);
};

const right = { align: 'right' } as const;

/** In the order in which they are worth their room: a narrow terminal leaves out the last ones. */
const groupColumns: readonly Column[] = [
  { title: 'runs', ...right },
  { title: 'success', ...right },
  { title: 'latency', ...right, optional: true },
  { title: 'p95', ...right, optional: true },
  { title: 'quality', ...right, optional: true },
  { title: 'mean cost', ...right, optional: true },
  { title: 'total cost', ...right, optional: true },
  { title: 'status', optional: true },
  { title: 'last seen', optional: true },
  { title: 'first seen', optional: true },
  { title: 'tokens in', ...right, optional: true },
  { title: 'tokens out', ...right, optional: true },
];

const formatGroups = (result: MetricsSummaryResult, display: Display): string => {
  const keys = result.by.map((title): Column => ({ title, shrinksTo: 20 }));
  const rows = result.groups.map((group) => [...keyCells(result.by, group), ...formatGroup(group, display)]);
  return formatTable([...keys, ...groupColumns], rows, display);
};

const keyCells = (by: readonly string[], { key }: SummaryGroup): string[] =>
  by.map((field) => key[field] ?? '–');

const formatGroup = (group: SummaryGroup, display: Display): Cell[] => {
  const { metrics, successRate, status } = group;
  const paint = createPaint(display);
  const rate = successRate ?? 1;
  const color = rate < 0.9 ? paint.bad : rate < 0.95 ? paint.warn : paint.good;
  const figure = (metric: string, name: 'mean' | 'p50' | 'p95'): string =>
    formatFigure(metric, metrics[metric]?.[name] ?? null);
  return [
    formatWhole(group.count),
    { text: formatShare(successRate), paint: color },
    figure('latency_ms', 'p50'),
    figure('latency_ms', 'p95'),
    figure('quality', 'mean'),
    formatFigure('cost_usd', group.meanCostUsd),
    formatFigure('cost_usd', group.totalCostUsd),
    status === null ? '' : { text: status, paint: paint.status[status] },
    { text: formatTime(group.lastSeen, display), paint: paint.dim },
    { text: formatTime(group.firstSeen, display), paint: paint.dim },
    figure('input_tokens', 'mean'),
    figure('output_tokens', 'mean'),
  ];
};

const figureNames = ['mean', 'sd', 'p50', 'p95', 'p99', 'min', 'max', 'p25', 'p75', 'sum'] as const;

const figureColumns: readonly Column[] = [
  { title: 'n', ...right },
  ...figureNames.map((title, index): Column => ({ title, ...right, optional: index > 3 })),
];

const formatFigures = (metric: string, figures: SummaryFigures | undefined): Cell[] => [
  figures === undefined ? '' : formatWhole(figures.count),
  ...figureNames.map((name) => formatFigure(metric, figures?.[name] ?? null)),
];

/** The metrics of one group, one a row. */
const formatMetricRows = ({ metrics }: SummaryGroup, display: Display): string | null => {
  const rows = Object.entries(metrics).map(([name, figures]) => [name, ...formatFigures(name, figures)]);
  if (rows.length === 0) return null;
  return formatTable([{ title: 'metric', shrinksTo: 12 }, ...figureColumns], rows, display);
};

/** One metric of every group, one a row. */
const formatMetric = (name: string, { by, groups }: MetricsSummaryResult, display: Display): string => {
  const paint = createPaint(display);
  const direction = groups.find(({ metrics }) => metrics[name] !== undefined)?.metrics[name]?.direction;
  const rows = groups.map((group) => [...keyCells(by, group), ...formatFigures(name, group.metrics[name])]);
  const keys = by.map((title): Column => ({ title, shrinksTo: 20 }));
  return joinLines([
    `${paint.strong(sanitizeLine(name))}${paint.dim(`, ${direction ?? 'higher'} is better`)}`,
    formatTable([...keys, ...figureColumns], rows, display),
  ]);
};

const metricsOf = (groups: readonly SummaryGroup[]): string[] => [
  ...new Set(groups.flatMap(({ metrics }) => Object.keys(metrics))),
];

const respects = [
  ['fastest', 'Fastest', 'latency_ms'],
  ['cheapest', 'Cheapest', 'cost_usd'],
  ['best', 'Best quality', 'quality'],
  ['mostReliable', 'Most reliable', 'success'],
] as const;

const formatModels = (models: readonly ModelRanking[], display: Display): string | null => {
  const lines = models.flatMap((ranking) => {
    const key = Object.values(ranking.key).map((value) => sanitizeLine(value ?? '–'));
    const ranks = respects.flatMap(([field, title, metric]) => {
      const said = formatRank(ranking[field], metric, display);
      return said === null ? [] : [`${`${title}:`.padEnd(15)}${said}`];
    });
    return models.length > 1 && ranks.length > 0
      ? [key.join(' '), ...ranks.map((line) => `  ${line}`)]
      : ranks;
  });
  return lines.length === 0 ? null : lines.join('\n');
};

const formatRank = (rank: ModelRank, metric: string, display: Display): string | null => {
  const paint = createPaint(display);
  const { model, value, over, overValue, p, reason } = rank;
  if (reason === 'no-difference')
    return paint.dim(`none is ahead by more than noise${p === null ? '' : ` (p ${formatP(p)})`}`);
  if (model === null || value === null || overValue === null || p === null) return null;
  const say = (figure: number): string =>
    metric === 'success' ? formatShare(figure) : formatFigure(metric, figure);
  return `${paint.good(sanitizeLine(model))} ${say(value)}, ${sanitizeLine(over ?? '')} ${say(overValue)} ${paint.dim(`(p ${formatP(p)})`)}`;
};

const formatNotes = ({ coverage, groups }: MetricsSummaryResult, dim: Painter): string | null => {
  const notes = [
    groups.some(({ metrics }) => metrics.latency_ms !== undefined) ? 'Latency: median and p95.' : null,
    coverage.duplicates === 0 ? null : `${formatCount(coverage.duplicates, 'repeated id')} counted once.`,
    groups.some(({ count }) => count < 2) ? 'A group of one run has no spread.' : null,
    formatSilent(groups),
  ].filter((note) => note !== null);
  return notes.length === 0 ? null : dim(notes.join(' '));
};

/** Rates are shares of the runs that say how they ended. */
const formatSilent = (groups: readonly SummaryGroup[]): string | null => {
  const silent = groups.reduce((sum, { withoutStatus }) => sum + withoutStatus, 0);
  return silent === 0 ? null : `${formatCount(silent, 'run')} without status, not part of the rates.`;
};

/** One row a group and metric, every figure as it is. */
const formatPiped = ({ by, groups }: MetricsSummaryResult, display: Display): string => {
  const columns = [...by, 'runs', 'errors', 'metric', 'n', ...figureNames].map(
    (title): Column => ({ title }),
  );
  const rows = groups.flatMap((group) => {
    const start = [...by.map((field) => group.key[field] ?? ''), String(group.count), String(group.errors)];
    const metrics = Object.entries(group.metrics);
    if (metrics.length === 0) return [start];
    return metrics.map(([name, figures]) => [
      ...start,
      name,
      String(figures.count),
      ...figureNames.map((each) => String(figures[each] ?? '')),
    ]);
  });
  return formatTable(columns, rows, display);
};

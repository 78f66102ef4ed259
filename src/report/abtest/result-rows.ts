import { labelMetric, type MetricResult } from '../../core/experiment/metric-results.ts';
import type { AbtestResultsResult } from '../../operations/abtest/results.ts';
import type { Display } from '../display.ts';
import { changeFigures, formatNumber, formatP, formatReason, formatWhole } from '../metrics/figure.ts';
import { createPaint, type Paint, type Painter } from '../paint.ts';
import type { Cell, Column } from '../table.ts';

/** What `formatMetric` gives. */
export const metricColumns: readonly Column[] = [
  { title: 'metric', shrinksTo: 8 },
  { title: 'variant', shrinksTo: 8 },
  { title: 'outcome' },
  { title: 'control', align: 'right' },
  { title: 'value', align: 'right' },
  { title: 'relative', align: 'right' },
  { title: 'p', align: 'right' },
  { title: 'interval', optional: true },
  { title: 'change', align: 'right', optional: true },
  { title: 'units', align: 'right', optional: true },
  { title: 'missing', optional: true },
  { title: 'method', optional: true },
  { title: 'by rank', optional: true },
  { title: 'effect size', optional: true },
  { title: 'remark', shrinksTo: 12, optional: true },
];

/** One metric of one variant against control. */
export const formatMetric = (row: MetricResult, display: Display): Cell[] => {
  const figures = changeFigures(display);
  const unit = unitOf(row);
  const { control, treatment } = row;
  return [
    labelRow(row),
    row.variant,
    { text: row.outcome, paint: paintOutcome(row, createPaint(display)) },
    figures.value(unit, control.value),
    figures.value(unit, treatment.value),
    figures.relative(row.relative),
    figures.p(row.isPrimary ? row.pAdjusted : row.p),
    figures.interval(unit, row.interval),
    figures.change(unit, row.absolute),
    `${formatWhole(control.n)}, ${formatWhole(treatment.n)}`,
    control.missing + treatment.missing === 0
      ? ''
      : `${formatWhole(control.missing)}, ${formatWhole(treatment.missing)}`,
    row.method,
    row.ranks === null ? '' : `${row.ranks.test} ${formatP(row.ranks.p)}`,
    formatSize(row),
    formatRemark(row),
  ];
};

/** A metric with the way in which it is better. */
export const labelRow = (row: MetricResult): string =>
  `${labelMetric(row)} ${row.direction === 'higher' ? '↑' : '↓'}`;

/** Of which metric the figures have the unit: rates are shares, ratios have none. */
const unitOf = ({ kind, metric }: Pick<MetricResult, 'kind' | 'metric'>): string => {
  if (kind === 'rate') return 'success_rate';
  return kind === 'ratio' ? '' : metric;
};

/** The colour of an outcome; dim where it decides nothing. */
export const paintOutcome = ({ outcome, isPrimary }: MetricResult, paint: Paint): Painter => {
  if (!isPrimary || outcome === 'undecided') return paint.dim;
  if (outcome === 'better') return paint.good;
  if (outcome === 'worse') return paint.bad;
  return outcome === 'equivalent' ? paint.info : paint.warn;
};

const formatSize = ({ hedgesG, cliffsDelta, cohensH }: MetricResult): string =>
  [
    ...(hedgesG === null ? [] : [`g ${formatNumber(hedgesG, 3)}`]),
    ...(cliffsDelta === null ? [] : [`δ ${formatNumber(cliffsDelta, 3)}`]),
    ...(cohensH === null ? [] : [`h ${formatNumber(cohensH, 3)}`]),
  ].join(', ');

const formatRemark = ({ reason, treatment, target, isPrimary }: MetricResult): string => {
  const goal =
    target === null
      ? null
      : `target ${formatNumber(target)} ${treatment.reachesTarget ? 'reached' : 'missed'}`;
  return [isPrimary ? null : 'does not decide', goal, reason === null ? null : formatReason(reason)]
    .filter((part) => part !== null)
    .join('; ');
};

/** What `formatGuardrails` gives. */
export const guardrailColumns: readonly Column[] = [
  { title: 'guardrail', shrinksTo: 9 },
  { title: 'variant', shrinksTo: 8 },
  { title: 'outcome' },
  { title: 'bound', align: 'right' },
  { title: 'control', align: 'right' },
  { title: 'value', align: 'right' },
  { title: 'room left', align: 'right' },
  { title: 'interval', optional: true },
  { title: 'remark', shrinksTo: 12, optional: true },
];

/** One row a guardrail and variant. */
export const formatGuardrails = ({ guardrails }: AbtestResultsResult, display: Display): Cell[][] => {
  const paint = createPaint(display);
  const painters = { pass: paint.good, fail: paint.bad, inconclusive: paint.warn };
  const figures = changeFigures(display);
  return guardrails.map(
    ({ metric, variant, outcome, bound, control, treatment, slack, interval, reason }) => [
      metric,
      variant,
      { text: outcome, paint: painters[outcome] },
      bound.kind === 'relative' ? figures.relative(bound.by) : figures.change(metric, bound.by),
      figures.value(metric, control),
      figures.value(metric, treatment),
      figures.change(metric, slack),
      figures.interval(metric, interval),
      formatReason(reason),
    ],
  );
};

/** A share as a percentage. */
export const formatPercent = (share: number): string => `${formatNumber(share * 100, 3)} %`;

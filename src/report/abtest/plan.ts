import type { DetectionRate } from '../../core/experiment/simulate.ts';
import type { AbtestSampleSizeResult } from '../../operations/abtest/sample-size.ts';
import type { AbtestSimulateResult } from '../../operations/abtest/simulate.ts';
import type { Display } from '../display.ts';
import { formatNumber, formatShare, formatWhole } from '../metrics/figure.ts';
import { createPaint } from '../paint.ts';
import { type Column, formatTable } from '../table.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { wrapText } from '../width.ts';

/** How many units are needed, what for, and how long that takes. */
export const formatSampleSize = (result: AbtestSampleSizeResult, display: Display): string => {
  const { goal, control, treatment, total, effect, days, source } = result;
  if (display.columns === null) return [control, treatment, total, effect, days ?? ''].map(String).join('\t');
  const paint = createPaint(display);
  const units =
    control === treatment
      ? `${formatWhole(control)} units a variant`
      : `${formatWhole(control)} units of control and ${formatWhole(treatment)} of each other variant`;
  const formatValue = (value: number) => (goal.type === 'rate' ? formatPoints(value) : formatNumber(value));
  const from =
    source === null
      ? ''
      : ` (${sanitizeLine(source.metric)} of ${sanitizeLine(source.prompt)}@${source.version}, ${describeTraffic(source)})`;
  const spread = goal.sd === null ? '' : `, standard deviation ${formatNumber(goal.sd)}`;
  return joinLines([
    `${paint.strong(units)}, ${formatWhole(total)} in all${days === null ? '' : `: ${describeDays(days)} at the version's traffic`}`,
    paint.dim(
      wrapText(
        `finds ${formatValue(effect)} more or less than ${goal.type === 'rate' ? formatShare(goal.baseline) : formatNumber(goal.baseline)}${spread}${from} in ${formatShare(goal.power)} of experiments; ` +
          `claims one that is none in ${formatShare(goal.alpha)}${goal.variants > 2 ? `, divided among ${goal.variants - 1} comparisons` : ''}. ` +
          'For one look at the end; looking all the time needs more ("promptv abtest simulate" tells).',
        display.columns,
      ),
    ),
  ]);
};

const describeTraffic = ({ records, units }: NonNullable<AbtestSampleSizeResult['source']>): string =>
  `${formatWhole(records)} records${units === null ? '' : ` of ${formatWhole(units)} units`}`;

const formatPoints = (share: number): string => `${formatNumber(share * 100, 3)} pp`;

const describeDays = (days: number): string =>
  days < 1
    ? 'less than a day'
    : `about ${formatWhole(Math.ceil(days))} ${Math.ceil(days) === 1 ? 'day' : 'days'}`;

const columns: readonly Column[] = [
  { title: 'looks' },
  { title: 'experiment' },
  { title: 'claimed', align: 'right' },
  { title: 'runs', align: 'right' },
  { title: 'rate', align: 'right' },
  { title: '±', align: 'right' },
  { title: 'half of them by', align: 'right', optional: true },
];

/** Rates of false and of right claims, looking all the time and looking once. */
export const formatSimulation = (
  { plan, sequential, fixed }: AbtestSimulateResult,
  display: Display,
): string => {
  const rows = [
    rowOf('every look', 'A/A (no difference)', sequential.aa),
    rowOf('every look', 'A/B (the effect is there)', sequential.ab),
    rowOf('one at the end', 'A/A (no difference)', fixed.aa),
    rowOf('one at the end', 'A/B (the effect is there)', fixed.ab),
  ];
  const table = formatTable(columns, rows, display);
  if (display.columns === null) return table;
  const paint = createPaint(display);
  const metrics = plan.metrics
    .map(
      ({ name, baseline, effect }) =>
        `${sanitizeLine(name)} ${formatNumber(baseline)} ${effect > 0 ? '+' : ''}${formatNumber(effect)}`,
    )
    .join(', ');
  const head = `${formatWhole(plan.unitsPerVariant)} units in each of ${plan.variants} variants, a look each ${formatWhole(plan.lookEvery)}: ${metrics}`;
  const foot = `False claims (A/A) are to stay at or below ${formatShare(plan.alpha)}; ± is one standard error. One value a unit, means from the normal distribution; seed ${sanitizeLine(plan.seed)}.`;
  const wrap = (line: string): string => wrapText(line, display.columns ?? 80);
  return joinLines([wrap(head), table, paint.dim(wrap(foot))], '\n\n');
};

const rowOf = (
  looks: string,
  what: string,
  { runs, detected, rate, standardError, medianUnits }: DetectionRate,
) => [
  looks,
  what,
  formatWhole(detected),
  formatWhole(runs),
  formatShare(rate),
  formatShare(standardError),
  medianUnits === null ? '' : `${formatWhole(medianUnits)} units`,
];

import type { AbtestResultsResult } from '../../operations/abtest/results.ts';
import type { Display } from '../display.ts';
import { changeFigures, formatP, formatWhole } from '../metrics/figure.ts';
import { createPaint, type Paint, type Painter } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { truncateText, wrapText } from '../width.ts';
import { drawIntervals } from './interval-chart.ts';
import {
  formatGuardrails,
  formatMetric,
  formatPercent,
  guardrailColumns,
  labelRow,
  metricColumns,
  paintOutcome,
} from './result-rows.ts';

/** A verdict first, then what it rests on, with every variant's interval drawn against control. */
export const formatAbtestResults = (result: AbtestResultsResult, display: Display): string => {
  if (display.columns === null) return formatRows(result, display);
  const paint = createPaint(display);
  const { metrics, guardrails } = result;
  return joinLines(
    [
      formatHead(result, paint),
      paintVerdict(result, paint)(wrapText(sanitizeLine(result.sentence), display.columns)),
      formatVariants(result, display),
      metrics.length === 0
        ? null
        : formatTable(
            metricColumns,
            metrics.map((row) => formatMetric(row, display)),
            display,
          ),
      metrics.length === 0 ? null : drawPicture(result, display, paint),
      guardrails.length === 0
        ? null
        : formatTable(guardrailColumns, formatGuardrails(result, display), display),
      formatFoot(result, display),
    ],
    '\n\n',
  );
};

/** Of a name that another program made up, so much is shown. */
const longestUnit = 24;

/** For scripts: each row begins with what it is. */
const formatRows = (result: AbtestResultsResult, display: Display): string => {
  const { verdict, winner, sentence, metrics, variants } = result;
  const rows: Cell[][] = [
    ['verdict', verdict, winner ?? '', sentence],
    ...variants.map(({ name, version, weight, units, records }) => [
      'variant',
      ...[name, version, String(weight), String(units), String(records)],
    ]),
    ...metrics.map((row) => ['metric', ...formatMetric(row, display)]),
    ...formatGuardrails(result, display).map((row) => ['guardrail', ...row]),
  ];
  return formatTable([], rows, display);
};

const formatHead = (result: AbtestResultsResult, paint: Paint): string => {
  const { id, prompt, environment, condition, phase, progress, mode } = result;
  const days = `${Number(progress.days.toFixed(1))} of ${Number(progress.maxDays.toFixed(1))} days`;
  const plan =
    progress.plannedN === null
      ? `${formatWhole(progress.unitsPerVariant)} units a variant`
      : `${formatWhole(progress.unitsPerVariant)} of ${formatWhole(progress.plannedN)} planned units a variant`;
  const part = phase.count > 1 ? `, phase ${phase.number} of ${phase.count}` : '';
  const place = `${sanitizeLine(prompt)} in ${sanitizeLine(environment)}`;
  return `${paint.strong(sanitizeLine(id))}: ${place}, ${condition}${part}; ${days}, ${plan}; ${mode}`;
};

const paintVerdict = ({ verdict }: AbtestResultsResult, paint: Paint): Painter => {
  if (verdict === 'ship' || verdict === 'equivalent') return paint.good;
  if (verdict === 'invalid' || verdict === 'reject') return paint.bad;
  return verdict === 'continue' ? paint.info : paint.warn;
};

const variantColumns: readonly Column[] = [
  { title: 'variant', shrinksTo: 8 },
  { title: 'version' },
  { title: 'weight', align: 'right' },
  { title: 'units', align: 'right' },
  { title: 'expected', align: 'right', optional: true },
  { title: 'records', align: 'right', optional: true },
];

const formatVariants = ({ variants, validity }: AbtestResultsResult, display: Display): string =>
  formatTable(
    variantColumns,
    variants.map(({ name, version, weight, units, records }, at) => {
      const expected = validity.sampleRatio?.expected[at];
      return [
        name,
        version,
        String(weight),
        formatWhole(units),
        expected === undefined ? '' : formatWhole(Math.round(expected)),
        formatWhole(records),
      ];
    }),
    display,
  );

/** Every interval as a share of control's value, so that metrics of different units share one axis. */
const drawPicture = ({ metrics, variants }: AbtestResultsResult, display: Display, paint: Paint): string => {
  const isSingle = variants.length === 2;
  const rows = metrics.map((row) => ({
    label: `${labelRow(row)}${isSingle ? '' : ` ${row.variant}`}`,
    value: row.relative,
    interval: row.relativeInterval,
    remark: `${row.relativeInterval === null ? '–' : changeFigures(display).relative(row.relative)} ${row.outcome}`,
    paint: paintOutcome(row, paint),
  }));
  const columns = Math.min(display.columns ?? 80, 120);
  const against = sanitizeLine(variants[0]?.name ?? 'control');
  const names = isSingle ? sanitizeLine(variants[1]?.name ?? '') : 'each variant';
  const title = paint.dim(
    wrapText(`${names} against ${against}, in per cent of its value (↑ higher is better, ↓ lower)`, columns),
  );
  return `${title}\n${drawIntervals(rows, { columns, dim: paint.dim, formatTick: formatPercent })}`;
};

const formatFoot = (result: AbtestResultsResult, display: Display): string => {
  const { validity, score, design, crossedUnits } = result;
  const paint = createPaint(display);
  const figures = changeFigures(display);
  const { sampleRatio, crossed, missing } = validity;
  const split =
    sampleRatio === null
      ? []
      : [`split ${sampleRatio.ok ? 'as configured' : 'broken'} (p ${formatP(sampleRatio.p)})`];
  const named = crossedUnits.map((unit) => truncateText(sanitizeLine(unit), longestUnit)).join(', ');
  const more = crossed.units > crossedUnits.length ? ', …' : '';
  const met =
    design === 'paired'
      ? []
      : [
          `${formatWhole(crossed.units)} units in several variants${named === '' ? '' : ` (${named}${more})`}`,
        ];
  const uneven = missing
    .filter(({ ok }) => !ok)
    .map(({ metric }) => `${sanitizeLine(metric)} missing unevenly`);
  const checks = [...split, ...met, ...uneven].join(', ');
  const scores = score.map(
    ({ variant, difference, interval, pAdjusted }) =>
      `Weighted score of ${sanitizeLine(variant)}: ${figures.change('', difference)} standard deviations ${figures.interval('', interval)}, p ${formatP(pAdjusted)}.`,
  );
  return [...scores, ...(checks === '' ? [] : [`Validity: ${checks}.`]), describeIntervals(result)]
    .map((line) => paint.dim(wrapText(line, display.columns ?? 80)))
    .join('\n');
};

/** What the figures shown may be relied on for. */
const describeIntervals = ({ mode, alpha, metrics, guardrails }: AbtestResultsResult): string => {
  const confidence = `Intervals of ${formatPercent(1 - alpha)} confidence`;
  const ofGuardrails =
    guardrails.length === 0
      ? ''
      : `, of guardrails ${formatPercent(1 - 2 * alpha)} (each end by itself ${formatPercent(1 - alpha)})`;
  const hasRanks = metrics.some(({ ranks }) => ranks !== null);
  const looks =
    mode === 'sequential'
      ? `they hold however often one looks${hasRanks ? ', tests by rank for one look only' : ''}`
      : 'they hold for this one look at the planned number';
  const asIs = metrics.some(({ isPrimary }) => !isPrimary) ? ', but for what does not decide' : '';
  return `${confidence}${ofGuardrails}; ${looks}; p after Holm${asIs}.`;
};

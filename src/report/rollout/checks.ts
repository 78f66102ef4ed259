import type { GateCheck } from '../../core/rollout/record.ts';
import type { Display } from '../display.ts';
import { changeFigures } from '../metrics/figure.ts';
import { createPaint, type Paint, type Painter } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { drawInterval } from './interval-plot.ts';

const columns: readonly Column[] = [
  { title: 'gate', shrinksTo: 20 },
  { title: 'verdict' },
  { title: 'stable', align: 'right' },
  { title: 'candidate', align: 'right' },
  { title: 'measured', align: 'right' },
  { title: 'interval' },
  { title: 'against the bound ┃', optional: true },
  { title: 'remark', shrinksTo: 16, optional: true },
];

/** Every gate with both versions' figures and its interval against its bound. */
export const formatChecks = (checks: readonly GateCheck[], display: Display): string => {
  const paint = createPaint(display);
  const figures = changeFigures(display);
  const rows = checks.map((check): Cell[] => {
    const format = formatterOf(check.gate, display);
    const arm = (side: GateCheck['stable']): string =>
      formatArm(figures.value(metricOf(check.gate), side?.value ?? null), side);
    return [
      check.gate,
      { text: check.verdict, paint: painterOf(check.verdict, paint) },
      arm(check.stable),
      arm(check.candidate),
      format(check.value),
      check.interval === null ? '' : `[${check.interval.map(format).join(', ')}]`,
      display.columns === null ? '' : drawInterval(check),
      check.detail ?? '',
    ];
  });
  return formatTable(columns, rows, display);
};

/** A source that does not count samples says 0 of them. */
const formatArm = (value: string, side: GateCheck['stable']): string => {
  if (side === null) return '';
  return side.n === 0 && value !== '' ? value : `${value || '–'} (${side.n})`;
};

const painterOf = (verdict: GateCheck['verdict'], paint: Paint): Painter => {
  if (verdict === 'pass') return paint.good;
  if (verdict === 'fail' || verdict === 'error') return paint.bad;
  return verdict === 'skipped' ? paint.dim : paint.warn;
};

/** `latency_ms` of `latency_ms.p95 <= +20%`. */
const metricOf = (gate: string): string => gate.replace(/ .*$/, '').replace(/\.(p\d[\d.]*|mean)$/, '');

/** A bound with a sign is a change: a share of the stable mean, or in the metric's units. */
const formatterOf = (gate: string, display: Display): ((value: number | null) => string) => {
  const { value, change, relative } = changeFigures(display);
  if (!/[<>]= [+-]/.test(gate)) return (figure) => value(metricOf(gate), figure);
  return gate.endsWith('%') ? relative : (figure) => change(metricOf(gate), figure);
};

import type { GateCheck } from '../../core/rollout/record.ts';
import type { Display } from '../display.ts';
import { changeFigures } from '../metrics/figure.ts';
import { createPaint, type Paint, type Painter } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { measureWidth } from '../width.ts';
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

/** One gate in words. */
interface CheckWords {
  readonly gate: string;
  readonly verdict: Cell & object;
  readonly stable: string;
  readonly candidate: string;
  readonly measured: string;
  readonly interval: string;
  readonly plot: string;
  readonly remark: string;
}

/**
 * Every gate with both versions' figures and its interval against its bound: a table, or some lines each where the
 * terminal is too narrow for it.
 */
export const formatChecks = (checks: readonly GateCheck[], display: Display): string => {
  const words = checks.map((check) => describeCheck(check, display));
  const rows = words.map(({ gate, verdict, stable, candidate, measured, interval, plot, remark }): Cell[] => [
    ...[gate, verdict, stable, candidate, measured, interval, plot, remark],
  ]);
  if (display.columns === null) return formatTable(columns, rows, display);
  const needed = formatTable(columns.slice(0, 6), rows, { ...display, columns: 1000, color: false });
  return needed.split('\n').every((line) => measureWidth(line) <= (display.columns ?? 0))
    ? formatTable(columns, rows, display)
    : formatBlocks(words, display);
};

const describeCheck = (check: GateCheck, display: Display): CheckWords => {
  const paint = createPaint(display);
  const figures = changeFigures(display);
  const format = formatterOf(check.gate, display);
  const arm = (side: GateCheck['stable']): string =>
    formatArm(figures.value(metricOf(check.gate), side?.value ?? null), side);
  return {
    gate: check.gate,
    verdict: { text: check.verdict, paint: painterOf(check.verdict, paint) },
    stable: arm(check.stable),
    candidate: arm(check.candidate),
    measured: format(check.value),
    interval: check.interval === null ? '' : `[${check.interval.map(format).join(', ')}]`,
    plot: display.columns === null ? '' : drawInterval(check),
    remark: check.detail ?? '',
  };
};

const formatBlocks = (words: readonly CheckWords[], display: Display): string =>
  joinLines([
    ...words.map(formatLines),
    words.some(({ plot }) => plot !== '') ? createPaint(display).dim('┃ is the bound.') : null,
  ]);

const formatLines = ({ gate, verdict, ...words }: CheckWords): string => {
  const remark = words.remark === '' ? '' : `: ${sanitizeLine(words.remark)}`;
  const arms = [
    words.stable === '' ? [] : [`stable ${words.stable}`],
    words.candidate === '' ? [] : [`candidate ${words.candidate}`],
  ].flat();
  const hasFigures = words.measured !== '';
  return joinLines([
    `${sanitizeLine(gate)}  ${verdict.paint(verdict.text)}${remark}`,
    hasFigures ? `  ${arms.join(', ')}` : null,
    hasFigures ? `  ${words.measured} ${words.interval}  ${words.plot}`.trimEnd() : null,
  ]);
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

import type { GateCheck } from '../../core/rollout/record.ts';
import type { Display } from '../display.ts';
import {
  formatFigure,
  formatInterval,
  formatPercent,
  formatPoints,
  formatSigned,
} from '../metrics/change-figures.ts';
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
  const rows = checks.map((check): Cell[] => {
    const format = formatterOf(check.gate);
    const signed = (value: number | null): string =>
      isChange(check.gate) ? formatSigned(value, format) : format(value);
    return [
      check.gate,
      { text: check.verdict, paint: painterOf(check.verdict, paint) },
      formatArm(check.stable, check.gate),
      formatArm(check.candidate, check.gate),
      check.value === null ? '' : signed(check.value),
      check.interval === null ? '' : formatInterval(check.interval, signed),
      display.columns === null ? '' : drawInterval(check),
      check.detail ?? '',
    ];
  });
  return formatTable(columns, rows, display);
};

const painterOf = (verdict: GateCheck['verdict'], paint: Paint): Painter => {
  if (verdict === 'pass') return paint.good;
  if (verdict === 'fail' || verdict === 'error') return paint.bad;
  return verdict === 'skipped' ? paint.dim : paint.warn;
};

const isRate = (gate: string): boolean => /^(error|success)_rate /.test(gate);

/** A bound with a sign is a change. */
const isChange = (gate: string): boolean => /[<>]= [+-]/.test(gate);

const formatterOf = (gate: string): ((value: number | null) => string) => {
  if (isRate(gate)) return gate.endsWith('pp') ? formatPoints : formatPercent;
  return gate.endsWith('%') ? formatPercent : formatFigure;
};

const formatArm = (arm: GateCheck['stable'], gate: string): string => {
  if (arm === null) return '';
  if (arm.value === null) return `– (${arm.n})`;
  return `${isRate(gate) ? formatPercent(arm.value) : formatFigure(arm.value)} (${arm.n})`;
};

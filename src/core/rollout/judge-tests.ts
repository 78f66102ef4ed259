import { isRateName } from '../metrics/alert-rules.ts';
import type { GateCheck, LogGate } from './record.ts';

/** What the cases of one run of `test` measured. */
export interface TestFigures {
  /** Cases that ran, and those of them that ended in an error instead of an answer. */
  readonly cases: number;
  readonly errors: number;
  readonly means: Readonly<Record<string, { readonly n: number; readonly mean: number }>>;
}

/**
 * Judges a gate on the candidate alone by a run of its tests; null where they say nothing of it. The cases are all there
 * are and no sample of any traffic, so the figure itself is held against the bound. What tests call `passed` is their
 * quality.
 */
export const judgeByTests = (gate: LogGate, figures: TestFigures): GateCheck | null => {
  const figure = gate.kind === 'absolute' && gate.statistic === 'mean' ? figureOf(gate, figures) : null;
  if (figure === null) return null;
  const isWithin = gate.operator === '<=' ? figure.value <= gate.bound : figure.value >= gate.bound;
  return {
    gate: gate.name,
    source: 'tests',
    verdict: isWithin ? 'pass' : 'fail',
    stable: null,
    candidate: figure,
    value: figure.value,
    interval: null,
    bound: gate.bound,
    detail: `the newest run of its tests, ${figure.n} ${figure.n === 1 ? 'case' : 'cases'}`,
    queries: [],
  };
};

const figureOf = (
  { metric }: LogGate,
  { cases, errors, means }: TestFigures,
): { readonly n: number; readonly value: number } | null => {
  if (cases === 0) return null;
  if (isRateName(metric))
    return { n: cases, value: (metric === 'error_rate' ? errors : cases - errors) / cases };
  const name = metric === 'quality' && !Object.hasOwn(means, metric) ? 'passed' : metric;
  const found = Object.hasOwn(means, name) ? means[name] : undefined;
  return found === undefined ? null : { n: found.n, value: found.mean };
};

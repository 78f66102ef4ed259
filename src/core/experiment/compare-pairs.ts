import { computeCoMoments } from '../stats/co-moments.ts';
import { testDiscordantPairs } from '../stats/mcnemar.ts';
import { computeMoments, type Moments } from '../stats/moments.ts';
import { comparePairs as testPairs } from '../stats/paired.ts';
import { linearizeRatio } from '../stats/ratio.ts';
import type { Effect, Method } from './compare-arms.ts';
import type { ExperimentMetric } from './definition.ts';
import { finite, type Inference, infer } from './inference.ts';
import { type ObservedUnits, readSeries, totalCases } from './observed-units.ts';

/** One metric of the cases that both variants were run with, in the same order. */
export interface Pairs {
  readonly control: readonly number[];
  readonly treatment: readonly number[];
  /** Cases of which control, or the other variant, has no value. */
  readonly missing: { readonly control: number; readonly treatment: number };
  /** Every value is yes or no. */
  readonly isRate: boolean;
}

/** Pairs the cases of control with those of another variant; several runs of a case count by their mean. */
export const buildPairs = (units: ObservedUnits, metric: ExperimentMetric, variant: number): Pairs => {
  const series = readSeries(units.observations, metric.name);
  const below = metric.kind === 'ratio' ? readSeries(units.observations, metric.denominator ?? '') : null;
  const a = totalCases(units, 0, series, below);
  const b = totalCases(units, variant, series, below);
  const cases = Array.from(a.divisors.keys()).filter((at) => a.divisors[at] !== 0 && b.divisors[at] !== 0);
  const meansOf = ({ sums, divisors }: typeof a): number[] =>
    cases.map((at) => (sums[at] ?? 0) / (divisors[at] ?? 1));
  const control = meansOf(a);
  const treatment = meansOf(b);
  const missingOf = (index: number, { divisors }: typeof a): number =>
    (units.unitCounts[index] ?? 0) - divisors.reduce((count, divisor) => count + (divisor === 0 ? 0 : 1), 0);
  const isRate =
    metric.kind === 'rate' && [...control, ...treatment].every((value) => value === 0 || value === 1);
  return {
    control,
    treatment,
    missing: { control: missingOf(0, a), treatment: missingOf(variant, b) },
    isRate,
  };
};

/** Above this many pairs the asymptotic p of the signed ranks is as good as the exact one. */
const mostExactPairs = 200;

/** Compares one metric of two variants by the differences within each case. */
export const compareCases = ({ control, treatment, isRate }: Pairs, inference: Inference): Effect => {
  const n = control.length;
  const test = testPairs(control, treatment, inference.alpha);
  const inferred = infer({ estimate: test.meanDiff, se: test.se, df: n - 1 }, n, inference);
  const ratio = linearizeRatio(computeCoMoments(treatment, control));
  const base = computeMoments(control).mean;
  const hasBase = n > 0 && base !== 0;
  const relative = finite(hasBase && test.meanDiff !== null ? test.meanDiff / Math.abs(base) : null);
  const relativeTest = infer({ estimate: relative, se: standardError(ratio), df: n - 1 }, n, inference);
  const useMcNemar = isRate && inference.mode === 'fixed';
  const method: Method = useMcNemar ? 'mcnemar' : 'paired-t';
  const p = useMcNemar && inferred.reason === null ? countDiscordant(control, treatment) : inferred.p;
  const ranksP = n <= mostExactPairs ? (test.pExact ?? test.pAsymptotic) : test.pAsymptotic;
  return {
    absolute: test.meanDiff,
    interval: inferred.interval,
    relative,
    relativeInterval: relative === null ? null : relativeTest.interval,
    p,
    method,
    hedgesG: test.cohensD,
    cliffsDelta: null,
    cohensH: null,
    ranks: isRate ? null : { test: 'signed-rank', p: ranksP },
    reason: inferred.reason ?? (hasBase ? relativeTest.reason : 'zero-baseline'),
  };
};

const standardError = ({ n, M2 }: Moments): number | null => (n < 2 ? null : Math.sqrt(M2 / (n - 1) / n));

const countDiscordant = (control: readonly number[], treatment: readonly number[]): number | null => {
  const onlyControl = control.filter((value, at) => value === 1 && treatment[at] === 0).length;
  const onlyTreatment = control.filter((value, at) => value === 0 && treatment[at] === 1).length;
  return testDiscordantPairs(onlyControl, onlyTreatment).p;
};

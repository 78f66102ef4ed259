import * as v from 'valibot';
import { bootstrapDifference } from './bootstrap.ts';
import { type CalculatorEntry, defineEntry } from './calculator-entry.ts';
import {
  alpha,
  count,
  finite,
  finiteList,
  pairLists,
  pairUp,
  probability,
  rate,
  type Sample,
  sample,
  seed,
  share,
  sums,
} from './calculator-inputs.ts';
import { computeCoMoments } from './co-moments.ts';
import { countResamples, countSplits, enumerateBootstrap, permuteExactly } from './enumeration.ts';
import { testEqualRates } from './homogeneity.ts';
import { compareDistributions } from './kolmogorov-smirnov.ts';
import { compareRanks } from './mann-whitney.ts';
import { testDiscordantPairs } from './mcnemar.ts';
import { computeMoments, hasLostDigits, sumsToMoments } from './moments.ts';
import { comparePairs } from './paired.ts';
import { compareRates } from './proportions.ts';
import { compareQuantiles } from './quantile-effect.ts';
import { compareRatios } from './ratio.ts';
import { compareMeans, compareMeansRelatively } from './welch.ts';

/** Resamples and splits that an exhaustive test may go through. */
const MOST_ENUMERATED = 5_000_000;

const twoSamples = v.strictObject({ a: sample, b: sample });
const twoSamplesAlpha = v.strictObject({ a: sample, b: sample, alpha });
const missingOf = ({ a, b }: { readonly a: Sample; readonly b: Sample }) => ({
  missing: { a: a.missing, b: b.missing },
});

const nonEmptyList = v.pipe(finiteList, v.minLength(1, 'must have a value'));
const fractions = v.pipe(
  v.strictObject({ num: pairLists.list, den: pairLists.list }),
  v.check(({ num, den }) => num.length === den.length, `den ${pairLists.unequal}`),
  v.transform(({ num, den }) => pairUp(num, den)),
);

const welchFromSums = v.strictObject({ a: sums, b: sums, alpha, relative: v.optional(v.boolean(), false) });

const compareSums = (input: v.InferOutput<typeof welchFromSums>) => {
  const [a, b] = [sumsToMoments(input.a), sumsToMoments(input.b)];
  const relative = input.relative ? compareMeansRelatively(a, b, input.alpha) : null;
  const absolute = compareMeans(a, b, input.alpha);
  const result = relative ?? { ...absolute, estimate: absolute.diff };
  if (result.reason === 'insufficient-data' || !(hasLostDigits(input.a) || hasLostDigits(input.b)))
    return result;
  const undecided = { se: null, t: null, df: null, p: null, ci: null, cohensD: null, hedgesG: null };
  return { ...result, ...undecided, reason: 'ill-conditioned' };
};

/** Two samples compared, b over a. */
export const comparisonEntries: Readonly<Record<string, CalculatorEntry>> = {
  welchT: defineEntry(twoSamplesAlpha, (input) => ({
    ...compareMeans(computeMoments(input.a.values), computeMoments(input.b.values), input.alpha),
    ...missingOf(input),
  })),
  welchTFromStats: defineEntry(welchFromSums, compareSums),
  mannWhitney: defineEntry(twoSamples, (input) => ({
    ...compareRanks(input.a.values, input.b.values),
    ...missingOf(input),
  })),
  ks2: defineEntry(twoSamples, (input) => ({
    ...compareDistributions(input.a.values, input.b.values),
    ...missingOf(input),
  })),
  quantileEffect: defineEntry(v.strictObject({ a: sample, b: sample, q: probability, alpha }), (input) => ({
    ...compareQuantiles(input.a.values, input.b.values, input),
    ...missingOf(input),
  })),
  twoProportion: defineEntry(v.strictObject({ a: rate, b: rate, alpha }), (input) =>
    compareRates(input.a, input.b, input.alpha),
  ),
  equalRates: defineEntry(v.strictObject({ rates: v.array(rate) }), ({ rates }) => testEqualRates(rates)),
  ratioMetric: defineEntry(
    v.strictObject({ a: fractions, b: fractions, alpha }),
    ({ a, b, alpha: level }) => ({
      ...compareRatios(computeCoMoments(a.first, a.second), computeCoMoments(b.first, b.second), level),
      missing: { a: a.missing, b: b.missing },
    }),
  ),
  paired: defineEntry(
    v.pipe(
      v.strictObject({ a: pairLists.list, b: pairLists.list, alpha }),
      v.check(({ a, b }) => a.length === b.length, `b ${pairLists.unequal}`),
    ),
    ({ a, b, alpha: level }) => {
      const { first, second, missing } = pairUp(a, b);
      return { ...comparePairs(first, second, level), missing };
    },
  ),
  mcnemarExact: defineEntry(v.strictObject({ onlyA: count, onlyB: count }), ({ onlyA, onlyB }) =>
    testDiscordantPairs(onlyA, onlyB),
  ),
  bootstrap: defineEntry(
    v.strictObject({
      a: sample,
      b: sample,
      statistic: v.optional(v.union([v.picklist(['mean', 'median']), share]), 'mean'),
      resamples: v.optional(v.pipe(finite, v.integer(), v.minValue(2), v.maxValue(100_000)), 2000),
      seed: v.optional(seed, 1),
      alpha,
    }),
    (input) => {
      const statistic = input.statistic === 'median' ? 0.5 : input.statistic;
      return {
        ...bootstrapDifference(input.a.values, input.b.values, { ...input, statistic }),
        ...missingOf(input),
      };
    },
  ),
  bootstrapEnumerated: defineEntry(
    v.pipe(
      v.strictObject({
        a: nonEmptyList,
        b: nonEmptyList,
        q: v.optional(v.array(share), [0.025, 0.5, 0.975]),
        quantile: v.optional(v.literal('type7'), 'type7'),
      }),
      v.check(
        ({ a, b }) => countResamples(a.length, b.length) <= MOST_ENUMERATED,
        'there are too many resamples',
      ),
    ),
    ({ a, b, q }) => enumerateBootstrap(a, b, q),
  ),
  permutationExact: defineEntry(
    v.pipe(
      v.strictObject({ a: nonEmptyList, b: nonEmptyList }),
      v.check(({ a, b }) => countSplits(a.length, b.length) <= MOST_ENUMERATED, 'there are too many splits'),
    ),
    ({ a, b }) => permuteExactly(a, b),
  ),
};

import * as v from 'valibot';
import { assignVariant } from '../assignment/assign.ts';
import { hashText } from '../assignment/murmur3.ts';
import { type CalculatorEntry, defineEntry } from './calculator-entry.ts';
import {
  alpha,
  count,
  direction,
  finite,
  positive,
  probability,
  rate,
  sample,
  share,
} from './calculator-inputs.ts';
import { computeMoments } from './moments.ts';
import {
  computeMeansPower,
  findDetectableEffect,
  planMeansSampleSize,
  planRelativeSampleSize,
} from './power-means.ts';
import { computeRatesPower, planRatesSampleSize } from './power-rates.ts';
import { testRateMargin } from './rate-gate.ts';
import { testAbsoluteMargin, testRelativeMargin } from './relative-gate.ts';
import { testSampleRatio } from './sample-ratio.ts';
import { computeMixtureRatio, testSequentially } from './sequential.ts';

const atLeastTwo = v.pipe(finite, v.minValue(2, 'must be 2 or more'));
const notZero = v.pipe(finite, v.notValue(0, 'must not be 0'));
const power = v.optional(probability, 0.8);
const ratio = v.optional(positive, 1);
const isReachable = (goal: { readonly alpha: number; readonly power: number }): boolean =>
  goal.power > goal.alpha;
const UNREACHABLE = 'power must be above alpha';

/** One-sided: a half would pass or fail everything. */
const oneSidedAlpha = v.optional(v.pipe(probability, v.ltValue(0.5, 'must be below 0.5')), 0.05);
const gate = v.strictObject({
  stable: sample,
  canary: sample,
  margin: finite,
  direction,
  alpha: oneSidedAlpha,
});
type GateInput = v.InferOutput<typeof gate>;

const runGate = (input: GateInput, test: typeof testAbsoluteMargin) => ({
  ...test(computeMoments(input.stable.values), computeMoments(input.canary.values), input),
  missing: { stable: input.stable.missing, canary: input.canary.missing },
});

const ratesDiffer = ({ rateA, rateB }: { readonly rateA: number; readonly rateB: number }) => rateA !== rateB;

const weights = v.pipe(v.array(count), v.minLength(1, 'must have a weight'));
const names = v.array(v.string());
const splitFields = { experiment: v.string(), variants: names, weights };
type SplitInput = {
  readonly experiment: string;
  readonly variants: readonly string[];
  readonly weights: readonly number[];
};

const hasWeightEach = (input: SplitInput): boolean =>
  input.variants.length === input.weights.length && new Set(input.variants).size === input.variants.length;
const UNEVEN = 'variants must have different names and a weight each';

const toSplit = (input: SplitInput) => ({
  salt: input.experiment,
  variants: input.variants.map((name, i) => ({ name, weight: input.weights[i] ?? 0 })),
});

/** Units one `assignCounts` may go through. */
const MOST_UNITS = 10_000_000;

const assignCountsInput = v.pipe(
  v.strictObject({ ...splitFields, unitTemplate: v.string(), from_: count, to: count }),
  v.check((input) => hasWeightEach(input), UNEVEN),
  v.check(
    ({ from_, to }) => to >= from_ && to - from_ < MOST_UNITS,
    'from_ to `to` must be 1 to 10,000,000 units',
  ),
);

/** Counts units `from_` to `to`, both included, by variant, with the p of the sample ratio. */
const countAssignments = (input: v.InferOutput<typeof assignCountsInput>) => {
  const split = toSplit(input);
  const tally = new Map(input.variants.map((name) => [name, 0]));
  for (let i = input.from_; i <= input.to; i++) {
    const name = assignVariant(split, input.unitTemplate.replaceAll('{i}', String(i)));
    tally.set(name, (tally.get(name) ?? 0) + 1);
  }
  const counts = input.variants.map((name) => tally.get(name) ?? 0);
  const { p: srmP, reason } = testSampleRatio(counts, input.weights);
  return { counts, srmP, reason };
};

/** Planning, deciding and assigning. */
export const experimentEntries: Readonly<Record<string, CalculatorEntry>> = {
  srm: defineEntry(
    v.pipe(
      v.strictObject({
        observed: v.array(count),
        weights: v.array(v.pipe(finite, v.minValue(0, 'must be 0 or more'))),
      }),
      v.check(
        (input) => input.observed.length === input.weights.length,
        'weights must be as many as observed',
      ),
    ),
    (input) => testSampleRatio(input.observed, input.weights),
  ),
  powerMeans: defineEntry(
    v.strictObject({ d: finite, nA: atLeastTwo, nB: atLeastTwo, alpha }),
    computeMeansPower,
  ),
  sampleSizeMeans: defineEntry(
    v.pipe(
      v.strictObject({ d: notZero, alpha, power, ratio }),
      v.check((goal) => isReachable(goal), UNREACHABLE),
    ),
    planMeansSampleSize,
  ),
  sampleSizeRelative: defineEntry(
    v.pipe(
      v.strictObject({ mean: notZero, sd: positive, mde: notZero, alpha, power }),
      v.check((goal) => isReachable(goal), UNREACHABLE),
    ),
    planRelativeSampleSize,
  ),
  detectableEffect: defineEntry(
    v.pipe(
      v.strictObject({ nA: atLeastTwo, nB: atLeastTwo, alpha, power }),
      v.check((goal) => isReachable(goal), UNREACHABLE),
    ),
    (input) => ({ d: findDetectableEffect(input) }),
  ),
  powerRates: defineEntry(
    v.strictObject({ rateA: probability, rateB: share, nA: positive, nB: positive, alpha }),
    (input) => ({ power: computeRatesPower(input) }),
  ),
  sampleSizeRates: defineEntry(
    v.pipe(
      v.strictObject({ rateA: probability, rateB: share, alpha, power, ratio }),
      v.check((goal) => isReachable(goal), UNREACHABLE),
      v.check((goal) => ratesDiffer(goal), 'rateA and rateB must differ'),
    ),
    planRatesSampleSize,
  ),
  asymptoticCS: defineEntry(
    v.strictObject({ estimate: finite, se: v.pipe(finite, v.minValue(0)), n: count, alpha, nStar: positive }),
    testSequentially,
  ),
  msprt: defineEntry(
    v.strictObject({ diff: finite, v: v.pipe(finite, v.minValue(0)), n: count, tau2: positive }),
    computeMixtureRatio,
  ),
  relativeGate: defineEntry(gate, (input) => runGate(input, testRelativeMargin)),
  absoluteGate: defineEntry(gate, (input) => runGate(input, testAbsoluteMargin)),
  rateGate: defineEntry(
    v.strictObject({ stable: rate, canary: rate, margin: share, direction, alpha: oneSidedAlpha }),
    (input) => testRateMargin(input.stable, input.canary, input),
  ),
  murmur3_32: defineEntry(
    v.strictObject({
      strings: names,
      seed: v.optional(v.pipe(count, v.maxValue(0xffffffff, 'must be below 2^32')), 0),
    }),
    ({ strings, seed }) => ({ hashes: strings.map((text) => hashText(text, seed)) }),
  ),
  assign: defineEntry(
    v.pipe(
      v.strictObject({ ...splitFields, units: names }),
      v.check((input) => hasWeightEach(input), UNEVEN),
    ),
    (input) => {
      const split = toSplit(input);
      return { assigned: input.units.map((unit) => assignVariant(split, unit)) };
    },
  ),
  assignCounts: defineEntry(assignCountsInput, countAssignments),
};

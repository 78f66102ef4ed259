import * as v from 'valibot';
import { type CalculatorEntry, defineEntry } from './calculator-entry.ts';
import {
  alpha,
  degrees,
  finite,
  finiteList,
  pairLists,
  pairUp,
  positive,
  probability,
  sample,
  share,
} from './calculator-inputs.ts';
import { chiSquareQuantile, chiSquareUpperTail } from './chi-square.ts';
import { computeCoMoments } from './co-moments.ts';
import { describeValues, estimateMean } from './describe.ts';
import { fitLinearTrend, forecastTrend } from './linear-trend.ts';
import { computeMoments } from './moments.ts';
import { adjustPValues } from './multiplicity.ts';
import { normalQuantile, normalTwoSidedP, normalUpperTail } from './normal.ts';
import { findOutliers } from './outliers.ts';
import { sortedQuantile, sortValues } from './quantile.ts';
import { tQuantile, tTwoSidedP } from './student-t.ts';

const onePair = v.pipe(
  v.strictObject({ x: pairLists.list, y: pairLists.list, alpha, forecast: v.optional(finiteList, []) }),
  v.check(({ x, y }) => x.length === y.length, `y ${pairLists.unequal}`),
);

/** Distributions, and figures of one sample. */
export const distributionEntries: Readonly<Record<string, CalculatorEntry>> = {
  normalTwoSidedP: defineEntry(v.strictObject({ z: finite }), ({ z }) => ({ p: normalTwoSidedP(z) })),
  normalSf: defineEntry(v.strictObject({ z: finite }), ({ z }) => ({ p: normalUpperTail(z) })),
  normalQuantile: defineEntry(v.strictObject({ p: probability }), ({ p }) => ({ z: normalQuantile(p) })),
  tTwoSidedP: defineEntry(v.strictObject({ t: finite, df: degrees }), ({ t, df }) => ({
    p: tTwoSidedP(t, df),
  })),
  tQuantile: defineEntry(v.strictObject({ p: probability, df: degrees }), ({ p, df }) => ({
    t: tQuantile(p, df),
  })),
  chiSquareSf: defineEntry(v.strictObject({ x: finite, df: positive }), ({ x, df }) => ({
    p: chiSquareUpperTail(x, df),
  })),
  chiSquareQuantile: defineEntry(v.strictObject({ p: probability, df: degrees }), ({ p, df }) => ({
    x: chiSquareQuantile(p, df),
  })),
  adjust: defineEntry(v.strictObject({ p: v.array(v.nullable(share)) }), ({ p }) => adjustPValues(p)),
  describe: defineEntry(v.strictObject({ x: sample }), ({ x }) => ({
    ...describeValues(x.values),
    missing: x.missing,
  })),
  meanInterval: defineEntry(v.strictObject({ x: sample, alpha }), (input) => ({
    ...estimateMean(computeMoments(input.x.values), input.alpha),
    missing: input.x.missing,
  })),
  quantile: defineEntry(v.strictObject({ x: sample, q: share }), ({ x, q }) => ({
    value: sortedQuantile(sortValues(x.values), q),
    missing: x.missing,
    reason: x.values.length === 0 ? 'insufficient-data' : null,
  })),
  outliersMad: defineEntry(
    v.strictObject({ x: v.array(v.nullable(finite)), threshold: v.optional(positive, 3) }),
    ({ x, threshold }) => {
      const places = x.flatMap((value, i) => (value === null ? [] : [{ value, i }]));
      const found = findOutliers(
        places.map(({ value }) => value),
        threshold,
      );
      const outlierIndexes = found.outlierIndexes.map((place) => places[place]?.i ?? place);
      return { ...found, outlierIndexes, missing: x.length - places.length };
    },
  ),
  linearTrend: defineEntry(onePair, ({ x, y, alpha: level, forecast }) => {
    const { first, second, missing } = pairUp(x, y);
    const points = computeCoMoments(first, second);
    return { ...fitLinearTrend(points, level), forecasts: forecastTrend(points, forecast, level), missing };
  }),
};

import * as v from 'valibot';

/** What the calculator accepts as a number: finite, as JSON has them. */
export const finite = v.pipe(v.number(), v.finite('must be a finite number'));
export const positive = v.pipe(finite, v.gtValue(0, 'must be above 0'));
export const count = v.pipe(
  v.number(),
  v.safeInteger('must be a whole number'),
  v.minValue(0, 'must be 0 or more'),
);
/** A probability that leaves something on both sides. */
export const probability = v.pipe(finite, v.gtValue(0, 'must be above 0'), v.ltValue(1, 'must be below 1'));
export const share = v.pipe(finite, v.minValue(0, 'must be 0 or more'), v.maxValue(1, 'must be 1 or less'));
export const alpha = v.optional(probability, 0.05);
export const direction = v.picklist(['higher', 'lower']);
/** Degrees of freedom; below 0.01 quantiles leave the range of numbers. */
export const degrees = v.pipe(finite, v.minValue(0.01, 'must be 0.01 or more'));
export const finiteList = v.array(finite);
/** A seed of the random stream. */
export const seed = v.union([v.pipe(v.number(), v.safeInteger()), v.string()]);

/** Values of which some may be missing (`null`). */
const gappyList = v.array(v.nullable(finite));

/** Values without the missing ones, and how many were missing. */
export interface Sample {
  readonly values: readonly number[];
  readonly missing: number;
}

const dropMissing = (values: readonly (number | null)[]): Sample => {
  const present = values.filter((value) => value !== null);
  return { values: present, missing: values.length - present.length };
};

/** One sample: missing values are excluded and counted, never taken as 0. */
export const sample = v.pipe(
  gappyList,
  v.transform((values) => dropMissing(values)),
);

/** Pairs by position in two lists of equal length; a pair with a missing side is excluded and counted. */
interface Pairs {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly missing: number;
}

/** Joins two gappy lists of equal length into complete pairs. */
export const pairUp = (first: readonly (number | null)[], second: readonly (number | null)[]): Pairs => {
  const pairs = first.flatMap((left, i) => {
    const right = second[i] ?? null;
    return left === null || right === null ? [] : [[left, right] as const];
  });
  return {
    first: pairs.map(([left]) => left),
    second: pairs.map(([, right]) => right),
    missing: first.length - pairs.length,
  };
};

/** Two lists of equal length under the names given, such as `x` and `y`. */
export const pairLists = { list: gappyList, unequal: 'must have as many values as the other list' };

/** Events among trials. */
export const rate = v.pipe(
  v.strictObject({ x: count, n: count }),
  v.check(({ x, n }) => x <= n, 'x must not exceed n'),
);

/** Sums as a database gives them; refused when no sample can have them. */
export const sums = v.pipe(
  v.strictObject({ n: count, sum: finite, sumSquares: v.pipe(finite, v.minValue(0, 'must be 0 or more')) }),
  v.check(
    ({ n, sum, sumSquares }) =>
      n === 0 ? sum === 0 && sumSquares === 0 : sum * sum <= n * sumSquares * (1 + 1e-9),
    'no sample has these sums: sum² must not exceed n × sumSquares',
  ),
);

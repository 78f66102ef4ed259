import { noncentralTTwoSidedP } from './noncentral-t.ts';
import { normalQuantile } from './normal.ts';
import { findRoot } from './root.ts';

/** The power of a two-sided t-test: the probability that it finds an effect of `d` standard deviations. */
interface MeansPower {
  readonly power: number;
  readonly df: number;
  readonly noncentrality: number;
}

interface MeansDesign {
  /** The effect in standard deviations (Cohen's d); its sign does not matter. */
  readonly d: number;
  readonly nA: number;
  readonly nB: number;
  readonly alpha: number;
}

/** Power of the t-test of two means. Source: Cohen (1988), the noncentral t; equal to statsmodels TTestIndPower. */
export const computeMeansPower = ({ d, nA, nB, alpha }: MeansDesign): MeansPower => {
  const df = nA + nB - 2;
  const noncentrality = Math.abs(d) * Math.sqrt((nA * nB) / (nA + nB));
  return { power: noncentralTTwoSidedP({ noncentrality, df, alpha }), df, noncentrality };
};

/** What a test of two means has to reach: `ratio` is nB / nA. */
interface MeansGoal {
  /** The effect in standard deviations (Cohen's d), not 0. */
  readonly d: number;
  readonly alpha: number;
  readonly power: number;
  readonly ratio: number;
}

/** Units needed: the solution in real numbers, and whole units per variant. */
interface MeansSampleSize {
  readonly nExact: number;
  readonly nA: number;
  readonly nB: number;
}

/** Fewest units per variant with a variance. */
const FEWEST = 2;
/** Units of both variants where the search ends: half a degree of freedom, below which no size is a real one. */
const FEWEST_IN_SEARCH = 2.5;

/** nA by the normal approximation, the start of the search. Source: Fleiss (1986). */
const approximateSize = ({ d, alpha, power, ratio }: MeansGoal): number => {
  const z = normalQuantile(power) - normalQuantile(alpha / 2);
  return ((1 + 1 / ratio) * z * z) / (d * d);
};

/** Units that a two-sided t-test needs for its power; the noncentral t, as statsmodels' TTestIndPower.solve_power. */
export const planMeansSampleSize = (goal: MeansGoal): MeansSampleSize => {
  const { d, alpha, power, ratio } = goal;
  const smallest = Math.log(FEWEST_IN_SEARCH / (1 + ratio));
  const shortfall = (logN: number): number => {
    const nA = Math.exp(Math.max(logN, smallest));
    return computeMeansPower({ d, nA, nB: nA * ratio, alpha }).power - power;
  };
  const start = Math.max(Math.log(approximateSize(goal)), smallest + 0.1);
  const root = findRoot(shortfall, start, start + 0.1);
  const nExact = Math.exp(Math.max(root ?? smallest, smallest));
  const ceil = (n: number): number => Math.max(FEWEST, Math.ceil(n - 1e-9));
  return { nExact, nA: ceil(nExact), nB: ceil(nExact * ratio) };
};

interface RelativeGoal {
  readonly mean: number;
  readonly sd: number;
  /** The effect to detect as a share of the mean: 0.05 is 5 %. */
  readonly mde: number;
  readonly alpha: number;
  readonly power: number;
}

/** Units per variant for a relative effect. */
interface RelativeSampleSize {
  /** The effect in standard deviations. */
  readonly d: number;
  readonly nNormal: number;
  readonly nExact: number;
  readonly nPerVariant: number;
}

/** Sample size for a change by a share of the mean: the effect in standard deviations is `mde × mean / sd`. */
export const planRelativeSampleSize = ({ mean, sd, mde, alpha, power }: RelativeGoal): RelativeSampleSize => {
  const d = Math.abs((mde * mean) / sd);
  const goal = { d, alpha, power, ratio: 1 };
  const { nExact, nA } = planMeansSampleSize(goal);
  return { d, nNormal: approximateSize(goal), nExact, nPerVariant: nA };
};

/** The smallest effect, in standard deviations, that nA and nB units find with the given power. */
export const findDetectableEffect = (design: Omit<MeansDesign, 'd'> & { readonly power: number }): number => {
  const { nA, nB, alpha, power } = design;
  const guess = (normalQuantile(power) - normalQuantile(alpha / 2)) * Math.sqrt(1 / nA + 1 / nB);
  const shortfall = (d: number): number => computeMeansPower({ d, nA, nB, alpha }).power - power;
  return findRoot(shortfall, guess, guess * 1.1) ?? guess;
};

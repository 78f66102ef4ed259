import { normalQuantile, normalUpperTail } from './normal.ts';

interface RatesDesign {
  readonly rateA: number;
  readonly rateB: number;
  readonly nA: number;
  readonly nB: number;
  readonly alpha: number;
}

/** Standard deviations of the difference × √nA, without and with the effect. */
const spreads = (rateA: number, rateB: number, ratio: number): readonly [pooled: number, own: number] => {
  const mean = (rateA + ratio * rateB) / (1 + ratio);
  const pooled = Math.sqrt(mean * (1 - mean) * (1 + 1 / ratio));
  return [pooled, Math.sqrt(rateA * (1 - rateA) + (rateB * (1 - rateB)) / ratio)];
};

/**
 * Power of the two-sided pooled z-test of two rates, counting rejections in the effect's direction.
 * Source: Fleiss, Levin and Paik (2003), §4.3; as R's power.prop.test.
 */
export const computeRatesPower = ({ rateA, rateB, nA, nB, alpha }: RatesDesign): number => {
  const [pooled, own] = spreads(rateA, rateB, nB / nA);
  const critical = -normalQuantile(alpha / 2);
  return normalUpperTail((critical * pooled - Math.abs(rateB - rateA) * Math.sqrt(nA)) / own);
};

/** What a test of two rates has to reach: `ratio` is nB / nA. */
interface RatesGoal {
  readonly rateA: number;
  /** Not equal to `rateA`. */
  readonly rateB: number;
  readonly alpha: number;
  readonly power: number;
  readonly ratio: number;
}

/** Units needed: the solution in real numbers, and whole units per variant. */
interface RatesSampleSize {
  readonly nExact: number;
  readonly nA: number;
  readonly nB: number;
}

/** Units that a two-sided test of two rates needs for its power. Source: Fleiss, Levin and Paik (2003), eq. 4.14. */
export const planRatesSampleSize = ({ rateA, rateB, alpha, power, ratio }: RatesGoal): RatesSampleSize => {
  const [pooled, own] = spreads(rateA, rateB, ratio);
  const reach = -normalQuantile(alpha / 2) * pooled + normalQuantile(power) * own;
  const nExact = (reach / (rateB - rateA)) ** 2;
  const ceil = (n: number): number => Math.max(2, Math.ceil(n - 1e-9));
  return { nExact, nA: ceil(nExact), nB: ceil(nExact * ratio) };
};

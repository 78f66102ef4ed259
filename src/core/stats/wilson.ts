import type { Interval } from './estimate.ts';
import { normalQuantile } from './normal.ts';

/** `x` events among `n` trials. */
export interface Rate {
  readonly x: number;
  readonly n: number;
}

/** The score interval of one rate, confidence 1 - alpha; `null` without trials. Source: E. B. Wilson (1927). */
export const estimateRate = ({ x, n }: Rate, alpha = 0.05): Interval | null => {
  if (n === 0) return null;
  const z = -normalQuantile(alpha / 2);
  const square = z * z;
  const centre = (x + square / 2) / (n + square);
  const halfWidth = (z * Math.sqrt((x * (n - x)) / n + square / 4)) / (n + square);
  return [x === 0 ? 0 : Math.max(0, centre - halfWidth), x === n ? 1 : Math.min(1, centre + halfWidth)];
};

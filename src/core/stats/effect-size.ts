import { type Moments, sampleVariance } from './moments.ts';
import { stirlingError } from './stirling.ts';

/** The standard deviation within both samples together; `null` below two values in one of them. */
const pooledSd = (a: Moments, b: Moments): number | null => {
  const varianceA = sampleVariance(a);
  const varianceB = sampleVariance(b);
  if (varianceA === null || varianceB === null) return null;
  return Math.sqrt(((a.n - 1) * varianceA + (b.n - 1) * varianceB) / (a.n + b.n - 2));
};

/**
 * The exact small-sample correction `Γ(df/2) / (√(df/2) Γ((df - 1)/2))`, written with Stirling's errors so that it
 * keeps its digits for large df. Source: L. Hedges, Distribution theory for Glass's estimator (1981).
 */
const hedgesCorrection = (df: number): number => {
  const a = df / 2;
  return Math.exp(-(a - 1) * Math.log1p(-0.5 / a) - 0.5 + stirlingError(a) - stirlingError(a - 0.5));
};

/** Differences of means in standard deviations, b over a; `null` without spread or data. */
export interface EffectSize {
  readonly cohensD: number | null;
  readonly hedgesG: number | null;
}

/** Cohen's d with the pooled standard deviation, and Hedges's g, which removes its small-sample bias. */
export const computeEffectSize = (a: Moments, b: Moments): EffectSize => {
  const sd = pooledSd(a, b);
  if (sd === null || sd === 0 || !Number.isFinite(sd)) return { cohensD: null, hedgesG: null };
  const cohensD = (b.mean - a.mean) / sd;
  if (!Number.isFinite(cohensD)) return { cohensD: null, hedgesG: null };
  return { cohensD, hedgesG: cohensD * hedgesCorrection(a.n + b.n - 2) };
};

/** The mean of paired differences in their own standard deviations, Cohen's d_z; `null` without spread or data. */
export const computeEffectSizeOfDifferences = (differences: Moments): number | null => {
  const variance = sampleVariance(differences);
  if (variance === null || variance === 0) return null;
  const d = differences.mean / Math.sqrt(variance);
  return Number.isFinite(d) ? d : null;
};

import { testEqualRates } from '../stats/homogeneity.ts';
import { testSampleRatio } from '../stats/sample-ratio.ts';
import type { ObservedUnits } from './observed-units.ts';

/** Whether what was observed can be believed at all, before any metric is looked at. */
export interface Validity {
  readonly ok: boolean;
  /** Units against the configured weights; null where cases are paired, for nothing is assigned there. */
  readonly sampleRatio: SampleRatio | null;
  /** Units that met several variants: they are left out of every comparison. */
  readonly crossed: { readonly units: number; readonly share: number; readonly ok: boolean };
  readonly missing: readonly MissingShare[];
  readonly recordsOfUnknownVariants: number;
  readonly recordsWithoutUnit: number;
}

interface SampleRatio {
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly chi2: number | null;
  readonly df: number;
  readonly p: number | null;
  readonly ok: boolean;
}

/** Units without a value of a metric, per variant, and whether the shares differ by more than chance. */
export interface MissingShare {
  readonly metric: string;
  readonly counts: readonly number[];
  readonly shares: readonly (number | null)[];
  readonly p: number | null;
  /** False: the variants compared are no longer alike, so this metric decides nothing. */
  readonly ok: boolean;
}

/** Below this p shares of missing values differ; and only a gap of a whole percentage point can sway a mean. */
const differentP = 0.001;
const leastGap = 0.01;
/** With more units than this in several variants the assignment is not sticky. Source: GrowthBook's default. */
const mostCrossed = 0.01;

/** Missing units of one metric, per variant. */
export interface MissingCounts {
  readonly metric: string;
  readonly missing: readonly number[];
}

/** Looks for a broken split, units in several variants, and values missing in one variant more than in another. */
export const checkValidity = (
  units: ObservedUnits,
  weights: readonly number[] | null,
  metrics: readonly MissingCounts[],
): Validity => {
  const sampleRatio = weights === null ? null : checkSampleRatio(units.unitCounts, weights);
  const total = units.unitCounts.reduce((sum, count) => sum + count, units.crossed);
  const share = total === 0 ? 0 : units.crossed / total;
  const crossed = { units: units.crossed, share, ok: share <= mostCrossed };
  const missing = metrics.map((metric) => checkMissing(metric, units.unitCounts));
  return {
    ok: (sampleRatio?.ok ?? true) && crossed.ok && missing.every(({ ok }) => ok),
    sampleRatio,
    crossed,
    missing,
    recordsOfUnknownVariants: units.recordsOfUnknownVariants,
    recordsWithoutUnit: units.recordsWithoutUnit,
  };
};

const checkSampleRatio = (observed: readonly number[], weights: readonly number[]): SampleRatio => {
  const { expected, chi2, df, p, mismatch } = testSampleRatio(observed, weights);
  return { observed, expected, chi2, df, p, ok: !mismatch };
};

const checkMissing = ({ metric, missing }: MissingCounts, unitCounts: readonly number[]): MissingShare => {
  const rates = unitCounts.map((n, at) => ({ x: missing[at] ?? 0, n }));
  const shares = rates.map(({ x, n }) => (n === 0 ? null : x / n));
  const known = shares.filter((share) => share !== null);
  const gap = known.length === 0 ? 0 : Math.max(...known) - Math.min(...known);
  const { p } = testEqualRates(rates);
  return { metric, counts: missing, shares, p, ok: p === null || p >= differentP || gap < leastGap };
};

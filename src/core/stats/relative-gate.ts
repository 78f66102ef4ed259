import { type Interval, testEstimate } from './estimate.ts';
import type { Moments } from './moments.ts';
import type { Reason } from './reason.ts';
import { tUpperTail } from './student-t.ts';
import { contrastMeans } from './welch.ts';

export type Direction = 'higher' | 'lower';

export type GateVerdict = 'pass' | 'fail' | 'inconclusive';

/** Whether a canary is no worse than the stable version by more than a margin. */
interface MarginTest {
  /** What is left of the margin, in the metric's units: positive is within it. */
  readonly slack: number | null;
  readonly se: number | null;
  readonly df: number | null;
  readonly t: number | null;
  /** One-sided p of "not within the margin", and of "within the margin". */
  readonly pPass: number | null;
  readonly pFail: number | null;
  /** Interval of the slack, confidence 1 - 2 alpha: the one whose ends the verdict looks at. */
  readonly ci: Interval | null;
  readonly verdict: GateVerdict;
  readonly reason: Reason | null;
}

interface RelativeGate extends MarginTest {
  /** `(canary - stable) / |stable|`; `null` when the stable mean is 0. */
  readonly relativeChange: number | null;
}

export interface GateOptions {
  /** How much worse is still accepted: a share of the stable mean (0.05 is 5 %), or units of the metric. */
  readonly margin: number;
  readonly direction: Direction;
  readonly alpha: number;
}

const decide = (pPass: number | null, pFail: number | null, alpha: number): GateVerdict => {
  if (pPass !== null && pPass < alpha) return 'pass';
  return pFail !== null && pFail < alpha ? 'fail' : 'inconclusive';
};

/** Tests `sign × (canary - k stable) + offset` against 0. */
interface Contrast {
  readonly k: number;
  readonly sign: 1 | -1;
  readonly offset: number;
}

const testContrast = (
  stable: Moments,
  canary: Moments,
  { k, sign, offset, alpha }: Contrast & { readonly alpha: number },
): MarginTest => {
  const { estimate, se, df } = contrastMeans(stable, canary, k);
  const slack = estimate === null ? null : sign * estimate + offset;
  const test = testEstimate({ estimate: slack, se, df }, 2 * alpha);
  const { t, ci, reason } = test;
  const pPass = t === null || test.df === null ? null : tUpperTail(t, test.df);
  const pFail = t === null || test.df === null ? null : tUpperTail(-t, test.df);
  return {
    slack: slack !== null && Number.isFinite(slack) ? slack : null,
    se: se !== null && Number.isFinite(se) ? se : null,
    df: test.df,
    t,
    pPass,
    pFail,
    ci,
    verdict: decide(pPass, pFail, alpha),
    reason,
  };
};

/**
 * Gates a change of the mean by a share of the stable mean: Welch's test of the contrast `canary - k stable`,
 * k = 1 - margin (higher is better) or 1 + margin, so no delta method is needed. Below a stable mean of 0 the margin
 * still widens what is accepted. Without a test (too few values, no variance) the verdict is `inconclusive`.
 */
export const testRelativeMargin = (stable: Moments, canary: Moments, options: GateOptions): RelativeGate => {
  const { margin, direction, alpha } = options;
  const sign = direction === 'higher' ? 1 : -1;
  const k = 1 - sign * margin * (stable.mean < 0 ? -1 : 1);
  const test = testContrast(stable, canary, { k, sign, offset: 0, alpha });
  const isKnown = stable.n > 0 && canary.n > 0;
  const change = isKnown && stable.mean !== 0 ? (canary.mean - stable.mean) / Math.abs(stable.mean) : null;
  const relativeChange = change !== null && Number.isFinite(change) ? change : null;
  const reason = test.reason ?? (relativeChange === null ? 'zero-baseline' : null);
  return { ...test, relativeChange, reason };
};

/** Gates a change of the mean by `margin` in the metric's own units. */
export const testAbsoluteMargin = (stable: Moments, canary: Moments, options: GateOptions): MarginTest => {
  const { margin, direction, alpha } = options;
  return testContrast(stable, canary, { k: 1, sign: direction === 'higher' ? 1 : -1, offset: margin, alpha });
};

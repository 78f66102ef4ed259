import type { Interval } from './estimate.ts';
import type { Reason } from './reason.ts';

/** An interval and p that hold at every look at once, however often one looks. */
interface SequentialTest {
  /** The tuning constant: the sequence is narrowest near `nStar` units. */
  readonly rho: number;
  readonly halfWidth: number | null;
  readonly ci: Interval | null;
  /** Always-valid p. */
  readonly p: number | null;
  readonly logEvalue: number | null;
  readonly reason: Reason | null;
}

interface SequentialInput {
  /** The effect and its standard error at this look, in the same units. */
  readonly estimate: number;
  readonly se: number;
  /** Units of both variants together. */
  readonly n: number;
  readonly alpha: number;
  /** The n at which the sequence should be narrowest: the planned one. */
  readonly nStar: number;
}

/** Source: arXiv:2103.06476, eq. 161. */
const tuneRho = (alpha: number, nStar: number): number => {
  const twoLogs = -2 * Math.log(alpha);
  return Math.sqrt((twoLogs + Math.log(twoLogs + 1)) / nStar);
};

/** Half-width in standard errors. Source: arXiv:2103.06476, eq. 9. */
const widthFactor = (n: number, rho: number, alpha: number): number => {
  const information = n * rho * rho;
  return Math.sqrt(((information + 1) / information) * (Math.log1p(information) - 2 * Math.log(alpha)));
};

/**
 * The asymptotic confidence sequence of an effect; p comes from the log e-value, so that it underflows to 0 and never
 * to NaN. Source: Waudby-Smith et al., arXiv:2103.06476, eqs 9, 155, 161, as gbstats (GrowthBook).
 */
export const testSequentially = ({ estimate, se, n, alpha, nStar }: SequentialInput): SequentialTest => {
  const rho = tuneRho(alpha, nStar);
  if (n <= 0 || se <= 0) {
    const reason = n <= 0 ? 'insufficient-data' : 'zero-variance';
    return { rho, halfWidth: null, ci: null, p: null, logEvalue: null, reason };
  }
  const halfWidth = se * widthFactor(n, rho, alpha);
  const information = n * rho * rho;
  const z = estimate / se;
  const logEvalue = (information * z * z) / (2 * (information + 1)) - Math.log1p(information) / 2;
  if (!Number.isFinite(logEvalue) || !Number.isFinite(halfWidth)) {
    return { rho, halfWidth: null, ci: null, p: null, logEvalue: null, reason: 'ill-conditioned' };
  }
  const ci: Interval = [estimate - halfWidth, estimate + halfWidth];
  return { rho, halfWidth, ci, p: Math.min(1, Math.exp(-logEvalue)), logEvalue, reason: null };
};

interface Sequence {
  readonly alpha: number;
  readonly nStar: number;
}

/** Half-width of the sequence in standard errors, at n units of both variants together. */
export const sequenceWidth = (n: number, { alpha, nStar }: Sequence): number =>
  widthFactor(n, tuneRho(alpha, nStar), alpha);

interface WidthGoal extends Sequence {
  /** Standard error × √n of the effect, both variants together; stays the same as n grows. */
  readonly unitSd: number;
  readonly halfWidth: number;
  /** Standard errors by which the estimate may fall short and still be told: 0 is a power of one half. */
  readonly reserve?: number;
}

/** Units of both variants together at which the sequence first gets as narrow as `halfWidth`: "about how many more". */
export const planSequentialUnits = ({ unitSd, halfWidth, alpha, nStar, reserve = 0 }: WidthGoal): number => {
  const rho = tuneRho(alpha, nStar);
  const isNarrow = (n: number): boolean =>
    (unitSd / Math.sqrt(n)) * (widthFactor(n, rho, alpha) + reserve) <= halfWidth;
  let high = 1;
  while (!isNarrow(high) && high < 2 ** 52) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isNarrow(middle)) high = middle;
    else low = middle;
  }
  return high;
};

/** The mixture likelihood ratio of a difference of means against none. */
interface MixtureRatio {
  readonly logLambda: number | null;
  /** Always-valid p of this look alone: keep the smallest of all looks. */
  readonly p: number | null;
  readonly reason: Reason | null;
}

interface MixtureInput {
  readonly diff: number;
  /** Variance of one pair's difference, σA² + σB². */
  readonly v: number;
  /** Pairs: units per variant. */
  readonly n: number;
  /** Variance of the normal mixture of effects. */
  readonly tau2: number;
}

/** The mixture sequential probability ratio test. Source: Johari, Pekelis and Walsh, arXiv:1512.04922. */
export const computeMixtureRatio = ({ diff, v, n, tau2 }: MixtureInput): MixtureRatio => {
  if (n <= 0) return { logLambda: null, p: null, reason: 'insufficient-data' };
  if (v <= 0) return { logLambda: null, p: null, reason: 'zero-variance' };
  const widened = v + n * tau2;
  const logLambda = Math.log(v / widened) / 2 + (n * n * tau2 * diff * diff) / (2 * v * widened);
  if (!Number.isFinite(logLambda)) return { logLambda: null, p: null, reason: 'ill-conditioned' };
  return { logLambda, p: Math.min(1, Math.exp(-logLambda)), reason: null };
};

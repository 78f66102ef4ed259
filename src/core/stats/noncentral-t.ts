import { lowerGamma } from './incomplete-gamma.ts';
import { normalUpperTail } from './normal.ts';
import { stirlingError } from './stirling.ts';
import { tCritical } from './student-t.ts';

/** Mass below e^-90 is beyond double precision. */
const NEGLIGIBLE = -90;

interface NoncentralTest {
  readonly noncentrality: number;
  readonly df: number;
  readonly alpha: number;
}

/** Adds `weight(u) × value(u)` outwards from u = 0 in one direction by the trapezoidal rule. */
const integrateOutwards = (
  step: number,
  exponent: (u: number) => number,
  value: (u: number) => number,
): number => {
  let sum = 0;
  for (let u = step; ; u += step) {
    const e = exponent(u);
    if (!(e > NEGLIGIBLE)) return sum;
    sum += Math.exp(e) * value(u);
  }
};

/** `u - (e^2u - 1) / 2`; near 0 by its series, for the difference would lose its digits where df is large. */
const logWeight = (u: number): number => {
  if (Math.abs(u) > 0.01) return u - Math.expm1(2 * u) / 2;
  const tail = 1 / 3 + u * (2 / 15 + u * (2 / 45 + (4 / 315) * u));
  return -u * u * (1 + u * (2 / 3 + u * tail));
};

/** The test with its critical value worked out; `shift` is the size of the noncentrality. */
interface ShiftedTest {
  readonly shift: number;
  readonly df: number;
  readonly critical: number;
}

/** The power as an integral over ln S: for shifts up to 50, or many degrees of freedom. */
const integrateOverSpread = ({ shift, df, critical }: ShiftedTest): number => {
  const half = df / 2;
  const exponent = (u: number): number => df * logWeight(u);
  const value = (u: number): number => {
    const edge = critical * Math.exp(u);
    return normalUpperTail(edge - shift) + normalUpperTail(edge + shift);
  };
  const step = Math.min(0.1, 0.4 / Math.sqrt(2 * df + shift * shift));
  const right = integrateOutwards(step, exponent, value);
  const left = integrateOutwards(
    step,
    (u) => exponent(-u),
    (u) => value(-u),
  );
  const density = 2 * Math.sqrt(half / (2 * Math.PI)) * Math.exp(-stirlingError(half));
  return Math.min(1, density * step * (value(0) + left + right));
};

/** The power as an integral over Z: for large shifts, where the other integrand is too steep; one tail is empty then. */
const integrateOverDeviate = ({ shift, df, critical }: ShiftedTest): number => {
  const step = 0.125;
  let sum = 0;
  for (let z = -12; z <= 12; z += step) {
    const edge = (z + shift) / critical;
    sum += Math.exp((-z * z) / 2) * lowerGamma(df / 2, (df * edge * edge) / 2);
  }
  return Math.min(1, (step * sum) / Math.sqrt(2 * Math.PI));
};

/**
 * P(|T'| > the two-sided critical value) of a noncentral t: the power of a t-test, alpha itself without an effect.
 * Source: T' = (Z + δ) / S, S² = χ²/df (Johnson, Kotz and Balakrishnan 1995, ch. 31), integrated by the trapezoidal
 * rule, which converges exponentially for such integrands.
 */
export const noncentralTTwoSidedP = ({ noncentrality, df, alpha }: NoncentralTest): number => {
  const critical = tCritical(alpha, df);
  const shift = Math.abs(noncentrality);
  const isCertain = shift > 40 + critical * (1 + 20 / Math.sqrt(df));
  if (isCertain) return 1;
  const isFlat = critical > 0.2 * Math.sqrt(2 * df);
  const test = { shift, df, critical };
  return shift > 50 && isFlat ? integrateOverDeviate(test) : integrateOverSpread(test);
};

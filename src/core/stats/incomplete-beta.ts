import { evaluateContinuedFraction } from './continued-fraction.ts';
import { binomialTerm } from './stirling.ts';

/** Two shapes and a point given from both ends: `y` is 1 - x, passed so that neither loses digits. */
interface BetaPoint {
  readonly a: number;
  readonly b: number;
  readonly x: number;
  readonly y: number;
}

/** I by its continued fraction, which converges fast for x < (a + 1) / (a + b + 2). */
const betaFraction = ({ a, b, x, y }: BetaPoint): number => {
  const step = (j: number) => {
    const m = Math.floor(j / 2);
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return { numerator: j % 2 === 0 ? even : odd, denominator: 1 };
  };
  const limit = 1000 + 40 * Math.sqrt(Math.max(a, b));
  const prefactor = (binomialTerm(a, a + b, x, y) * b) / (a + b);
  return prefactor / evaluateContinuedFraction(1, step, limit);
};

/**
 * The regularised incomplete beta function I_x(a, b), small values with full relative accuracy.
 * Source: NIST DLMF 8.17.22, with Loader's saddle point before it instead of differences of ln Γ.
 */
export const regularizedBeta = (point: BetaPoint): number => {
  const { a, b, x, y } = point;
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x <= (a + 1) / (a + b + 2)) return betaFraction(point);
  return 1 - betaFraction({ a: b, b: a, x: y, y: x });
};

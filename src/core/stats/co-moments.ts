import { computeMoments, type Moments, mergeMoments } from './moments.ts';

/** Moments of pairs: each coordinate's own, and the sum `C` of products of deviations from both means. */
export interface CoMoments {
  readonly x: Moments;
  readonly y: Moments;
  readonly C: number;
}

/** Moments of pairs of equal length. Source: as `computeMoments`, for the product. */
export const computeCoMoments = (xs: ArrayLike<number>, ys: ArrayLike<number>): CoMoments => {
  const x = computeMoments(xs);
  const y = computeMoments(ys);
  let products = 0;
  let restX = 0;
  let restY = 0;
  for (let i = 0; i < xs.length; i += 1) {
    const dx = (xs[i] ?? Number.NaN) - x.mean;
    const dy = (ys[i] ?? Number.NaN) - y.mean;
    products += dx * dy;
    restX += dx;
    restY += dy;
  }
  return { x, y, C: xs.length === 0 ? 0 : products - (restX * restY) / xs.length };
};

/** Moments of two sets of pairs together. Source: Pébay, Formulas for robust, one-pass parallel computation (2008). */
export const mergeCoMoments = (a: CoMoments, b: CoMoments): CoMoments => {
  const n = a.x.n + b.x.n;
  const between = n === 0 ? 0 : (b.x.mean - a.x.mean) * (b.y.mean - a.y.mean) * ((a.x.n * b.x.n) / n);
  return { x: mergeMoments(a.x, b.x), y: mergeMoments(a.y, b.y), C: a.C + b.C + between };
};

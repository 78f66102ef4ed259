/** A continuous function of one real number. */
type RealFunction = (x: number) => number;

const TOLERANCE = 1e-15;
const STEPS = 200;

interface Bracket {
  readonly low: number;
  readonly high: number;
}

/** Widens `[low, high]` outwards, doubling each time, until `f` changes its sign in it; `null` when it does not. */
const widenBracket = (f: RealFunction, start: Bracket): Bracket | null => {
  let { low, high } = start;
  let step = high - low;
  let atLow = f(low);
  let atHigh = f(high);
  for (let i = 0; i < 64; i++) {
    if (atLow === 0 || atHigh === 0 || atLow < 0 !== atHigh < 0) return { low, high };
    const moveLow = Math.abs(atLow) < Math.abs(atHigh);
    if (moveLow) low -= step;
    else high += step;
    atLow = moveLow ? f(low) : atLow;
    atHigh = moveLow ? atHigh : f(high);
    step *= 2;
  }
  return null;
};

/**
 * The zero of a monotone `f` near `[low, high]`, which is widened as needed; `null` when there is none.
 * Source: C. Ridders, A new algorithm for computing a single root (1979); it never leaves the bracket.
 */
export const findRoot = (f: RealFunction, low: number, high: number): number | null => {
  const bracket = widenBracket(f, { low, high });
  return bracket === null ? null : refineRoot(f, bracket);
};

const refineRoot = (f: RealFunction, bracket: Bracket): number => {
  let { low, high } = bracket;
  let atLow = f(low);
  let atHigh = f(high);
  if (atLow === 0) return low;
  if (atHigh === 0) return high;
  let best = Number.NaN;
  for (let i = 0; i < STEPS; i++) {
    const middle = low + (high - low) / 2;
    const atMiddle = f(middle);
    const scale = Math.sqrt(atMiddle * atMiddle - atLow * atHigh);
    if (atMiddle === 0 || scale === 0) return middle;
    const next = middle + ((middle - low) * Math.sign(atLow - atHigh) * atMiddle) / scale;
    if (Math.abs(next - best) <= TOLERANCE * Math.abs(next)) return next;
    best = next;
    const atNext = f(next);
    if (atNext === 0) return next;
    if (atMiddle < 0 !== atNext < 0) [low, atLow, high, atHigh] = [middle, atMiddle, next, atNext];
    else if (atLow < 0 !== atNext < 0) [high, atHigh] = [next, atNext];
    else [low, atLow] = [next, atNext];
    if (Math.abs(high - low) <= TOLERANCE * Math.abs(next)) return next;
  }
  return best;
};

/** The plain way to sum up a metrics log, to hold the fast one against: no columns, no caches, rational arithmetic. */

interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** The exact value of a double, by doubling until it is whole. */
const rationalOf = (value: number): Rational => {
  let bottom = 1n;
  let whole = value;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    bottom *= 2n;
  }
  return { top: BigInt(whole), bottom };
};

/** Both denominators are powers of two, so the larger serves for both. */
const add = (a: Rational, b: Rational): Rational => {
  const bottom = a.bottom > b.bottom ? a.bottom : b.bottom;
  return { top: a.top * (bottom / a.bottom) + b.top * (bottom / b.bottom), bottom };
};

const times = (a: Rational, b: Rational): Rational => ({ top: a.top * b.top, bottom: a.bottom * b.bottom });

/** The nearest double, the even one of two, found by comparing a first guess with its neighbours. */
const nearestDouble = ({ top, bottom }: Rational): number => {
  if (top === 0n) return 0;
  const lift = Math.max(0, bottom.toString(2).length - top.toString(2).length + 70);
  const guess =
    Number((top * 2n ** BigInt(lift)) / bottom) / 2 ** Math.min(lift, 1000) / 2 ** Math.max(0, lift - 1000);
  const steps = new Float64Array([guess]);
  const bits = new BigInt64Array(steps.buffer);
  const candidates = [-2n, -1n, 0n, 1n, 2n].map((step) => {
    const near = new BigInt64Array([(bits[0] ?? 0n) + step]);
    return new Float64Array(near.buffer)[0] ?? 0;
  });
  const distance = (value: number): Rational => {
    const exact = rationalOf(value);
    const gap = exact.top * bottom - top * exact.bottom;
    return { top: gap < 0n ? -gap : gap, bottom: exact.bottom * bottom };
  };
  const isEven = (value: number): boolean =>
    (new BigInt64Array(new Float64Array([value]).buffer)[0] ?? 0n) % 2n === 0n;
  return candidates.filter(Number.isFinite).reduce((best, value) => {
    const a = distance(value);
    const b = distance(best);
    const [mine, other] = [a.top * b.bottom, b.top * a.bottom];
    return mine < other || (mine === other && isEven(value)) ? value : best;
  });
};

/** Sum, mean and sum of squared deviations, each the double nearest to the exact figure. */
export const referenceMoments = (values: readonly number[]): { sum: number; mean: number; m2: number } => {
  const exact = values.map(rationalOf);
  const zero = { top: 0n, bottom: 1n };
  const sum = exact.reduce(add, zero);
  const n = BigInt(values.length);
  const squares = exact.map((value) => times(value, value)).reduce(add, zero);
  const square = times(sum, sum);
  const deviations = add(
    { top: n * squares.top, bottom: squares.bottom },
    { top: -square.top, bottom: square.bottom },
  );
  const mean = { top: sum.top, bottom: n * sum.bottom };
  const m2 = { top: deviations.top, bottom: n * deviations.bottom };
  return { sum: nearestDouble(sum), mean: nearestDouble(mean), m2: nearestDouble(m2) };
};

/** Type-7 quantiles of a sorted copy. */
export const referenceQuantile = (values: readonly number[], p: number): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.min(sorted.length - 1, Math.floor(at) + 1)];
  if (low === undefined || high === undefined) return null;
  return at === Math.floor(at) || low === high ? low : low + (at - Math.floor(at)) * (high - low);
};

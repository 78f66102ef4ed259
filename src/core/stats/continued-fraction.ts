const TINY = 1e-300;

/** Step j ≥ 1 of a continued fraction: `numerator / (denominator + the next step)`. */
interface Step {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * The value of `b0 + a1 / (b1 + a2 / (b2 + …))`, stopped when it no longer changes.
 * Source: Lentz's method as modified by Thompson and Barnett (1986).
 */
export const evaluateContinuedFraction = (
  first: number,
  step: (j: number) => Step,
  limit: number,
): number => {
  let value = first === 0 ? TINY : first;
  let c = value;
  let d = 0;
  for (let j = 1; j <= limit; j++) {
    const { numerator, denominator } = step(j);
    d = denominator + numerator * d;
    d = 1 / (d === 0 ? TINY : d);
    c = denominator + numerator / c;
    if (c === 0) c = TINY;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return value;
};

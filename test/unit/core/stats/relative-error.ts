/** How far `actual` is from `expected`, as a share of it; for an expected 0 the distance itself. */
export const relativeError = (actual: number, expected: number): number =>
  Math.abs(actual - expected) / (expected === 0 ? 1 : Math.abs(expected));

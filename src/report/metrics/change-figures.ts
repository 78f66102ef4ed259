/** A figure for a reader: up to four significant digits, whole numbers whole; `–` where there is none. */
export const formatFigure = (value: number | null): string => {
  if (value === null) return '–';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return String(value);
  return size >= 1000 && size < 1e9 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
};

/** A share of 1 as a percentage. */
export const formatPercent = (share: number | null): string =>
  share === null ? '–' : `${Number((share * 100).toPrecision(3))} %`;

/** A difference of two shares in percentage points, which no one can take for a relative change. */
export const formatPoints = (share: number | null): string =>
  share === null ? '–' : `${Number((share * 100).toPrecision(3))} pp`;

/** The same for a change, with its sign. */
export const formatSigned = (value: number | null, format: (value: number | null) => string): string =>
  value !== null && value > 0 ? `+${format(value)}` : format(value);

/** An interval in brackets. */
export const formatInterval = (
  interval: readonly [number, number] | null,
  format: (value: number | null) => string = formatFigure,
): string => (interval === null ? '–' : `[${format(interval[0])}, ${format(interval[1])}]`);

/** A probability of error: small ones as a bound. */
export const formatP = (p: number | null): string =>
  p === null ? '–' : p < 0.0001 ? '< 0.0001' : String(Number(p.toPrecision(2)));

const reasons: ReadonlyMap<string, string> = new Map([
  ['insufficient-data', 'too few values'],
  ['zero-variance', 'all values are equal'],
  ['zero-baseline', 'the first side is 0, so there is no relative change'],
  ['ill-conditioned', 'the values are beyond the range of numbers'],
  ['overflow', 'the sum is beyond the range of numbers'],
]);

/** Why a figure is missing, in words. */
export const formatReason = (reason: string | null): string =>
  reason === null ? '' : (reasons.get(reason) ?? reason);

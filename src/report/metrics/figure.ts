import type { Display } from '../display.ts';

const isMoneyOrTime = (metric: string): boolean => metric === 'latency_ms' || metric === 'cost_usd';

const isRate = (metric: string): boolean => metric === 'error_rate' || metric === 'success_rate';

/** A figure of a metric for the reader, in its unit: `812 ms`, `1.2 s`, `$0.0031`, `12,340`, `3.1 %`; nothing for null. */
export const formatFigure = (metric: string, value: number | null): string => {
  if (value === null) return '';
  if (isRate(metric)) return formatShare(value);
  if (metric === 'latency_ms') return formatMilliseconds(value);
  if (metric === 'cost_usd') return formatDollars(value);
  return formatNumber(value);
};

/** A share in per cent, never rounded to 0 % or 100 % unless it is: `99.9 %`. */
export const formatShare = (share: number | null): string => {
  if (share === null) return '';
  const percent = share * 100;
  const digits = percent === 0 || percent === 100 ? 0 : 1;
  const shown = percent.toFixed(digits);
  if (shown === '100.0') return '> 99.9 %';
  return shown === '0.0' ? '< 0.1 %' : `${shown} %`;
};

/** A whole number with its thousands apart. */
export const formatWhole = (value: number): string => value.toLocaleString('en-US');

/** A probability of error, small ones as a bound: `< 0.001`, `0.021`. */
export const formatP = (p: number | null): string =>
  p === null ? '' : p < 0.001 ? '< 0.001' : p.toPrecision(2);

/** How changes are written. */
interface ChangeFigures {
  readonly value: (metric: string, value: number | null) => string;
  /** With its sign; of rates in percentage points, which no one can take for a relative change. */
  readonly change: (metric: string, value: number | null) => string;
  /** With its sign, in per cent. */
  readonly relative: (value: number | null) => string;
  readonly interval: (metric: string, interval: readonly [number, number] | null) => string;
  readonly p: (p: number | null) => string;
}

const signed = (value: number | null, text: string): string =>
  value !== null && value > 0 ? `+${text}` : text;

const formatPoints = (value: number | null): string =>
  value === null ? '' : `${Number((value * 100).toPrecision(3))} pp`;

const changeOf = (metric: string, value: number | null): string =>
  isRate(metric)
    ? formatPoints(value)
    : isMoneyOrTime(metric) || value === null
      ? formatFigure(metric, value)
      : formatNumber(value, 3);

const rounded: ChangeFigures = {
  value: formatFigure,
  change: (metric, value) => signed(value, changeOf(metric, value)),
  relative: (value) => signed(value, value === null ? '' : `${formatNumber(value * 100, 3)} %`),
  interval: (metric, interval) =>
    interval === null ? '' : `[${interval.map((end) => changeOf(metric, end)).join(', ')}]`,
  p: formatP,
};

const plain = (value: number | null): string => String(value ?? '');

const exact: ChangeFigures = {
  value: (_, value) => plain(value),
  change: (_, value) => plain(value),
  relative: plain,
  interval: (_, interval) => (interval === null ? '' : `[${interval.join(', ')}]`),
  p: plain,
};

/** In units and rounded for a reader; as they are in a pipe. */
export const changeFigures = ({ columns }: Display): ChangeFigures => (columns === null ? exact : rounded);

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

const formatMilliseconds = (value: number): string =>
  Math.abs(value) < 1000 ? `${formatNumber(value, 3)} ms` : `${formatNumber(value / 1000, 3)} s`;

const formatDollars = (value: number): string => {
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `${sign}$${size >= 1 ? size.toLocaleString('en-US', cents) : formatNumber(size, 3)}`;
};

/** A bare number: so many significant digits, all of a large whole part. */
export const formatNumber = (value: number, digits = 4): string => {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-6 || size >= 1e15)) return value.toPrecision(digits);
  const maximum = size >= 10 ** digits ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits };
  return value.toLocaleString('en-US', maximum);
};

/** A figure of a metric for the reader, in its unit: `812 ms`, `1.2 s`, `$0.0031`, `12,340`; nothing for null. */
export const formatFigure = (metric: string, value: number | null): string => {
  if (value === null) return '';
  if (metric === 'latency_ms') return formatMilliseconds(value);
  if (metric === 'cost_usd') return formatDollars(value);
  return formatNumber(value);
};

/** A share in per cent, never rounded to 0 % or 100 % unless it is: `99.9 %`. */
export const formatShare = (share: number): string => {
  const percent = share * 100;
  const digits = percent === 0 || percent === 100 ? 0 : 1;
  const shown = percent.toFixed(digits);
  if (shown === '100.0') return '> 99.9 %';
  return shown === '0.0' ? '< 0.1 %' : `${shown} %`;
};

/** A whole number with its thousands apart. */
export const formatWhole = (value: number): string => value.toLocaleString('en-US');

/** `p < 0.001`, `p = 0.021`. */
export const formatP = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toPrecision(2)}`);

const formatMilliseconds = (value: number): string =>
  Math.abs(value) < 1000 ? `${formatNumber(value, 3)} ms` : `${formatNumber(value / 1000, 3)} s`;

const formatDollars = (value: number): string => {
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `${sign}$${size >= 1 ? size.toLocaleString('en-US', cents) : formatNumber(size, 3)}`;
};

const formatNumber = (value: number, digits = 4): string => {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-6 || size >= 1e15)) return value.toPrecision(digits);
  const maximum = size >= 10 ** digits ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits };
  return value.toLocaleString('en-US', maximum);
};

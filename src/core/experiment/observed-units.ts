import type { Observations } from '../metrics/source.ts';

/** Records by unit (or case) and variant. A unit is known by its place in `variantOf`. */
export interface ObservedUnits {
  readonly observations: Observations;
  readonly variants: readonly string[];
  /** Whether each unit (then a case) is seen in every variant. */
  readonly isPaired: boolean;
  /** The unit of each row, from 0; -1 for a row that does not count. */
  readonly unitOf: Int32Array;
  /** The variant of each row, from 0; -1 where the experiment has none of this name. */
  readonly rowVariants: Int32Array;
  /** The variant of each unit; -1 for one that met several. */
  readonly variantOf: Int8Array;
  /** Units and records per variant; those of units that met several variants are left out. */
  readonly unitCounts: readonly number[];
  readonly recordCounts: readonly number[];
  /** Units that met more than one variant. */
  readonly crossed: number;
  readonly recordsOfUnknownVariants: number;
  /** Records that name no unit: each stands for a unit of its own (or is left out where cases are paired). */
  readonly recordsWithoutUnit: number;
}

/** Names the variant of each row, and gives a number of its own to each record without a unit. */
const readRows = (observations: Observations, variants: readonly string[], isPaired: boolean) => {
  const { rows, subjects, subjectCount, variants: named } = observations;
  const indexOf = Int32Array.from([null, ...named.dictionary], (name) => variants.indexOf(name ?? ''));
  indexOf[0] = -1;
  const rowVariants = new Int32Array(rows);
  const unitOf = new Int32Array(rows);
  let alone = 0;
  let unknown = 0;
  for (let row = 0; row < rows; row += 1) {
    const variant = indexOf[named.codes[row] ?? 0] ?? -1;
    const subject = subjects[row] ?? 0;
    rowVariants[row] = variant;
    unitOf[row] = subject - 1;
    if (variant < 0) {
      unitOf[row] = -1;
      unknown += 1;
    } else if (subject === 0) {
      unitOf[row] = isPaired ? -1 : subjectCount + alone;
      alone += 1;
    }
  }
  return { rowVariants, unitOf, units: subjectCount + (isPaired ? 0 : alone), alone, unknown };
};

/** Sorts what was observed into the units of each variant. */
export const sortUnits = (
  observations: Observations,
  variants: readonly string[],
  isPaired: boolean,
): ObservedUnits => {
  const { rowVariants, unitOf, units, alone, unknown } = readRows(observations, variants, isPaired);
  const variantOf = new Int8Array(units).fill(-2);
  for (let row = 0; row < unitOf.length; row += 1) {
    const unit = unitOf[row] ?? -1;
    if (unit < 0) continue;
    const known = variantOf[unit] ?? -2;
    const variant = rowVariants[row] ?? -1;
    if (known !== variant) variantOf[unit] = known === -2 ? variant : -1;
  }
  const unitCounts = variants.map(() => 0);
  let crossed = 0;
  for (const variant of variantOf) {
    if (variant === -1) crossed += 1;
    else if (variant >= 0) unitCounts[variant] = (unitCounts[variant] ?? 0) + 1;
  }
  return {
    observations,
    variants,
    isPaired,
    unitOf,
    rowVariants,
    variantOf,
    ...(isPaired
      ? { unitCounts: countCases(variants, unitOf, rowVariants, units), crossed: 0 }
      : { unitCounts, crossed }),
    recordCounts: countRecords(variants, { unitOf, rowVariants, variantOf, isPaired }),
    recordsOfUnknownVariants: unknown,
    recordsWithoutUnit: alone,
  };
};

/** Different cases per variant. */
const countCases = (
  variants: readonly string[],
  unitOf: Int32Array,
  rowVariants: Int32Array,
  units: number,
): number[] =>
  variants.map((_, variant) => {
    const met = new Uint8Array(units);
    let count = 0;
    for (let row = 0; row < unitOf.length; row += 1) {
      const unit = unitOf[row] ?? -1;
      if (unit < 0 || rowVariants[row] !== variant || met[unit] === 1) continue;
      met[unit] = 1;
      count += 1;
    }
    return count;
  });

const countRecords = (
  variants: readonly string[],
  rows: {
    readonly unitOf: Int32Array;
    readonly rowVariants: Int32Array;
    readonly variantOf: Int8Array;
    readonly isPaired: boolean;
  },
): number[] => {
  const counts = variants.map(() => 0);
  for (let row = 0; row < rows.unitOf.length; row += 1) {
    const unit = rows.unitOf[row] ?? -1;
    const variant = rows.rowVariants[row] ?? -1;
    if (unit < 0 || (!rows.isPaired && rows.variantOf[unit] === -1)) continue;
    counts[variant] = (counts[variant] ?? 0) + 1;
  }
  return counts;
};

/** Rates that are read from the records' status, not from their metrics. */
const statusRates: ReadonlyMap<string, string> = new Map([
  ['error_rate', 'error'],
  ['success_rate', 'success'],
]);

/** Whether a metric is a rate that every log has. */
export const isStatusRate = (metric: string): boolean => statusRates.has(metric);

/** A metric's value per row, NaN where the record has none: a missing value is never 0. */
export const readSeries = (observations: Observations, metric: string): Float64Array => {
  const word = statusRates.get(metric);
  const { rows, statuses } = observations;
  if (word === undefined) return observations.metrics.get(metric) ?? new Float64Array(rows).fill(Number.NaN);
  const values = Float64Array.from([
    Number.NaN,
    ...statuses.dictionary.map((name) => (name === word ? 1 : 0)),
  ]);
  const series = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) series[row] = values[statuses.codes[row] ?? 0] ?? Number.NaN;
  return series;
};

/** Σ of a metric, and of what it is divided by, for the units of one variant that have any value. */
export interface UnitTotals {
  readonly sums: Float64Array;
  /** The number of values of each unit, or the sum of its denominators. */
  readonly divisors: Float64Array;
  /** Units without a value. */
  readonly missing: number;
}

/**
 * Adds a series up by unit and splits the units by variant. With `denominators`, rows count that have both. In a
 * paired design the place of a case is the same in every variant, and cases without a value have the divisor 0.
 */
export const totalUnits = (
  units: ObservedUnits,
  series: Float64Array,
  denominators: Float64Array | null = null,
): UnitTotals[] => {
  const size = units.variantOf.length;
  const sums = new Float64Array(size);
  const divisors = new Float64Array(size);
  const met = addUp(units, { series, denominators, sums, divisors, variant: null });
  return units.variants.map((_, variant) => {
    const count = units.unitCounts[variant] ?? 0;
    const kept = { sums: new Float64Array(count), divisors: new Float64Array(count) };
    let at = 0;
    for (let unit = 0; unit < size; unit += 1) {
      if (units.variantOf[unit] !== variant || met[unit] === 0) continue;
      kept.sums[at] = sums[unit] ?? 0;
      kept.divisors[at] = divisors[unit] ?? 0;
      at += 1;
    }
    return {
      sums: kept.sums.subarray(0, at),
      divisors: kept.divisors.subarray(0, at),
      missing: count - at,
    };
  });
};

/** The totals of every case in one variant; a case without a value there has the divisor 0. */
export const totalCases = (
  units: ObservedUnits,
  variant: number,
  series: Float64Array,
  denominators: Float64Array | null = null,
): Omit<UnitTotals, 'missing'> => {
  const sums = new Float64Array(units.variantOf.length);
  const divisors = new Float64Array(units.variantOf.length);
  addUp(units, { series, denominators, sums, divisors, variant });
  return { sums, divisors };
};

interface Sums {
  readonly series: Float64Array;
  readonly denominators: Float64Array | null;
  readonly sums: Float64Array;
  readonly divisors: Float64Array;
  /** Only this variant's rows; null: all. */
  readonly variant: number | null;
}

/** Returns which units have a value. */
const addUp = (units: ObservedUnits, { series, denominators, sums, divisors, variant }: Sums): Uint8Array => {
  const met = new Uint8Array(sums.length);
  for (let row = 0; row < units.unitOf.length; row += 1) {
    const unit = units.unitOf[row] ?? -1;
    if (unit < 0 || (variant !== null && units.rowVariants[row] !== variant)) continue;
    const value = series[row] ?? Number.NaN;
    const divisor = denominators === null ? 1 : (denominators[row] ?? Number.NaN);
    if (Number.isNaN(value) || Number.isNaN(divisor)) continue;
    sums[unit] = (sums[unit] ?? 0) + value;
    divisors[unit] = (divisors[unit] ?? 0) + divisor;
    met[unit] = 1;
  }
  return met;
};

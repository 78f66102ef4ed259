import fc from 'fast-check';

/** Measurements as metrics have them: finite, of ordinary size, not all tiny. */
export const measurement = fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 64);

export const sample = (minLength = 2, maxLength = 40): fc.Arbitrary<number[]> =>
  fc.array(measurement, { minLength, maxLength });

/** Whether a sample has spread well above rounding. */
export const varies = (values: readonly number[]): boolean => new Set(values).size > 1;

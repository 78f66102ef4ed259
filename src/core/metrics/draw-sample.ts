import { createRandomStream } from '../stats/random.ts';

/** More raw values than this are not tested one by one: so many are drawn. */
const mostSampled = 10_000;

/** How many of the values a test looked at, and the seed they were drawn with; null when it saw all. */
export interface Sampling {
  readonly a: number;
  readonly b: number;
  readonly seed: string | null;
}

/** At most `mostSampled` of the values, drawn without replacement with a seed (Fisher and Yates); all when few. */
export const drawSample = (values: Float64Array, seed: string): number[] => {
  if (values.length <= mostSampled) return Array.from(values);
  const stream = createRandomStream(seed);
  const pool = values.slice();
  const drawn: number[] = [];
  for (let at = 0; at < mostSampled; at += 1) {
    const other = at + stream.nextInteger(pool.length - at);
    drawn.push(pool[other] ?? 0);
    pool[other] = pool[at] ?? 0;
  }
  return drawn;
};

/** What is said of two samples. */
export const describeSampling = (counts: readonly [a: number, b: number], seed: string): Sampling => ({
  a: Math.min(counts[0], mostSampled),
  b: Math.min(counts[1], mostSampled),
  seed: Math.max(...counts) > mostSampled ? seed : null,
});

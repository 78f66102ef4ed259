import { createHash } from 'node:crypto';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { GroupDigest, MetricDigest } from '../../core/metrics/digest.ts';
import type { ExactNumber } from '../../core/metrics/exact-sum.ts';
import type { RankWindow } from '../../core/metrics/quantiles.ts';
import type { LogCoverage, MetricsQuery, MetricsSummary } from '../../core/metrics/source.ts';
import { ArrayFile, writeArrayFile } from './array-file.ts';
import type { KeptBytes } from './log-part.ts';
import type { FileState } from './segments.ts';

/** Changes with everything that changes an answer. */
const format = 3;
const maxFiles = 64;
const suffixes = ['.answer', '.basis'];

/** A segment as it was when an answer was made of it; `readAt` is when, in epoch milliseconds. */
export interface ReadSegment {
  readonly name: string;
  readonly state: FileState;
  readonly readAt: number;
}

/** A segment whose first bytes, as many as are covered, are part of a digest. */
export interface DigestedSegment extends ReadSegment, KeptBytes {
  readonly days: readonly number[];
  /** Which of its rows do not count, because a part before has them: `hashCopies`. */
  readonly copies: string;
}

export interface StoredAnswer {
  readonly segments: readonly ReadSegment[];
  readonly summary: MetricsSummary;
}

/** What an answer can be made from without the columns, once what was appended since is added. */
export interface AnswerBasis {
  readonly segments: readonly DigestedSegment[];
  readonly digest: readonly GroupDigest[];
  readonly coverage: LogCoverage;
}

const describeQuery = (query: MetricsQuery): string => {
  const { prompts, since, until, where, by, metrics, percentiles, timeZone } = query;
  const conditions = where?.map(({ field, value }) => [field, value]);
  return JSON.stringify([format, prompts, since, until, conditions, by, metrics, percentiles, timeZone]);
};

const pathOf = (directory: string, question: string, suffix: string): string =>
  join(directory, createHash('sha256').update(question).digest('hex').slice(0, 32) + suffix);

/** The answer given to the same query before; whether it still holds is for the caller to see. */
export const readAnswer = async (directory: string, query: MetricsQuery): Promise<StoredAnswer | null> => {
  const question = describeQuery(query);
  const file = await ArrayFile.open(pathOf(directory, question, '.answer'));
  if (file === null) return null;
  await file.close();
  const stored = file.content as StoredAnswer & { readonly question: string };
  return stored.question === question ? stored : null;
};

export const writeAnswer = async (
  directory: string,
  query: MetricsQuery,
  { segments, summary }: StoredAnswer,
): Promise<void> => {
  const question = describeQuery(query);
  await writeArrayFile(pathOf(directory, question, '.answer'), { question, segments, summary }, []);
  await dropOldest(directory);
};

interface StoredMetric {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: StoredNumber;
  readonly squares: StoredNumber;
  /** First rank and number of values of each window. */
  readonly windows: readonly (readonly [number, number])[];
}

type StoredNumber = readonly [bits: string, exponent: number];

interface StoredBasis {
  readonly question: string;
  readonly segments: readonly DigestedSegment[];
  readonly coverage: LogCoverage;
  readonly groups: readonly (Omit<GroupDigest, 'metrics'> & {
    readonly metrics: readonly (readonly [string, StoredMetric])[];
  })[];
}

export const writeBasis = async (
  directory: string,
  query: MetricsQuery,
  { segments, digest, coverage }: AnswerBasis,
): Promise<void> => {
  const question = describeQuery(query);
  const groups = digest.map(({ metrics, ...group }) => ({
    ...group,
    metrics: [...metrics].map(([name, metric]) => [name, storeMetric(metric)] as const),
  }));
  const stored: StoredBasis = { question, segments, coverage, groups };
  const windows = digest.flatMap(({ metrics }) => [...metrics.values()].flatMap((metric) => metric.windows));
  const values = new Float64Array(windows.reduce((sum, window) => sum + window.values.length, 0));
  let at = 0;
  for (const window of windows) {
    values.set(window.values, at);
    at += window.values.length;
  }
  await writeArrayFile(pathOf(directory, question, '.basis'), stored, [['windows', values]]);
};

const storeMetric = ({ count, min, max, sum, squares, windows }: MetricDigest): StoredMetric => ({
  count,
  min,
  max,
  sum: [sum.bits.toString(), sum.exponent],
  squares: [squares.bits.toString(), squares.exponent],
  windows: windows.map(({ first, values }) => [first, values.length]),
});

/** What was kept for the same query; whether its segments are still there is for the caller to see. */
export const readBasis = async (directory: string, query: MetricsQuery): Promise<AnswerBasis | null> => {
  const question = describeQuery(query);
  const file = await ArrayFile.open(pathOf(directory, question, '.basis'));
  if (file === null) return null;
  const values = await file.read('windows', Float64Array).finally(() => file.close());
  const stored = file.content as StoredBasis;
  if (stored.question !== question) return null;
  let at = 0;
  const takeWindow = ([first, length]: readonly [number, number]): RankWindow => {
    at += length;
    return { first, values: values.subarray(at - length, at) };
  };
  const digest = stored.groups.map(({ metrics, ...group }) => ({
    ...group,
    metrics: new Map(
      metrics.map(([name, metric]): [string, MetricDigest] => [
        name,
        {
          ...metric,
          sum: restoreNumber(metric.sum),
          squares: restoreNumber(metric.squares),
          windows: metric.windows.map(takeWindow),
        },
      ]),
    ),
  }));
  return { segments: stored.segments, coverage: stored.coverage, digest };
};

const restoreNumber = ([bits, exponent]: StoredNumber): ExactNumber => ({ bits: BigInt(bits), exponent });

/** Queries differ with the clock (`since`), so answers would pile up. */
const dropOldest = async (directory: string): Promise<void> => {
  const names = (await readdir(directory)).filter((name) => suffixes.some((suffix) => name.endsWith(suffix)));
  if (names.length <= 2 * maxFiles) return;
  const dated = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return { path, time: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const oldest = dated.sort((a, b) => b.time - a.time).slice(maxFiles);
  await Promise.all(oldest.map(({ path }) => unlink(path).catch(() => undefined)));
};

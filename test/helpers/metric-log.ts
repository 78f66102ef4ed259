import { join } from 'node:path';
import { planBatch } from '../../src/core/metrics/batch.ts';
import { createRandomStream } from '../../src/core/stats/random.ts';
import { appendBatches } from '../../src/store/metrics-log/append.ts';
import type { TempRepo } from './temp-repo.ts';

/** Runs of one version, evenly spread over a day. */
export interface Runs {
  readonly prompt?: string;
  readonly version: string;
  readonly environment?: string;
  /** UTC day of the runs. */
  readonly day?: string;
  readonly count: number;
  /** How many of them, the first ones, failed. */
  readonly errors?: number;
  /** Metric → mean and standard deviation of normal values. */
  readonly metrics?: Readonly<Record<string, readonly [mean: number, sd: number]>>;
}

/** The moment at which the tests of metrics are made. */
export const logNow = new Date('2026-03-15T23:59:59.999Z');

/** Appends runs to a repository's log; their values are the same in every run of the tests. */
export const logRuns = async (repo: TempRepo, ...all: readonly Runs[]): Promise<void> => {
  const records = all.flatMap((runs, series) => {
    const {
      prompt = 'greet',
      version,
      environment,
      day = '2026-03-15',
      count,
      errors = 0,
      metrics = {},
    } = runs;
    const random = createRandomStream(`${prompt} ${version} ${day} ${series}`);
    return Array.from({ length: count }, (_, index) => ({
      ts: new Date(Date.parse(day) + Math.floor((index * 86_000_000) / count)).toISOString(),
      prompt,
      version,
      ...(environment === undefined ? {} : { environment }),
      id: `${prompt}-${version}-${environment}-${series}-${index}`,
      status: index < errors ? 'error' : 'success',
      metrics: Object.fromEntries(
        Object.entries(metrics).map(([metric, [mean, sd]]) => [metric, mean + sd * random.nextNormal()]),
      ),
    }));
  });
  const batches = planBatch(records, logNow.getTime());
  await appendBatches(batches, { directory: join(repo.dir, '.promptv/metrics') });
};

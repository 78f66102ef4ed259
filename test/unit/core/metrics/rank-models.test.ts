import { describe, expect, it } from 'vitest';
import { rankModels as rankGroups } from '../../../../src/core/metrics/rank-models.ts';
import type { GroupSummary, MetricFigures } from '../../../../src/core/metrics/source.ts';
import { createRandomStream } from '../../../../src/core/stats/random.ts';

const figures = (count: number, mean: number, sd: number): MetricFigures => ({
  count,
  missing: 0,
  sum: count * mean,
  mean,
  m2: sd * sd * (count - 1),
  sd,
  min: null,
  max: null,
  quantiles: [],
  reason: null,
});

const rankModels = (groups: readonly GroupSummary[]) =>
  rankGroups(
    groups,
    new Map(
      groups.map((one) => [one, { median: one.metrics.latency_ms?.mean ?? null, values: spread(one) }]),
    ),
  );

/** Normal latencies with the mean and deviation of the group's figures. */
const spread = ({ key, metrics: { latency_ms: latency } }: GroupSummary): number[] => {
  const random = createRandomStream(JSON.stringify(key));
  return Array.from(
    { length: latency?.count ?? 0 },
    () => (latency?.mean ?? 0) + (latency?.sd ?? 0) * random.nextNormal(),
  );
};

const group = (model: string | null, more: Partial<GroupSummary> = {}): GroupSummary => ({
  key: { model },
  records: 100,
  errors: 5,
  withoutStatus: 0,
  firstTs: 0,
  lastTs: 0,
  metrics: {},
  ...more,
});

const withMetric = (model: string, metric: string, ...of: Parameters<typeof figures>): GroupSummary =>
  group(model, { metrics: { [metric]: figures(...of) } });

describe('the ranking of models', () => {
  it('names the lowest latency, the lowest cost and the highest quality when they are clearly apart', () => {
    const metrics = (latency: number, cost: number, quality: number) => ({
      latency_ms: figures(100, latency, 50),
      cost_usd: figures(100, cost, 0.001),
      quality: figures(100, quality, 0.1),
    });
    const [ranking] = rankModels([
      group('a', { metrics: metrics(500, 0.02, 0.9) }),
      group('b', { metrics: metrics(800, 0.01, 0.7) }),
    ]);
    expect(ranking?.fastest).toMatchObject({
      model: 'a',
      value: 500,
      over: 'b',
      overValue: 800,
      reason: null,
    });
    expect(ranking?.cheapest).toMatchObject({ model: 'b', over: 'a' });
    expect(ranking?.best).toMatchObject({ model: 'a', value: 0.9 });
    expect(ranking?.fastest.p).toBeLessThan(0.001);
  });

  it('names nobody when the difference may be noise, also if only one rival is near', () => {
    const far = withMetric('far', 'latency_ms', 100, 5000, 100);
    const near = withMetric('near', 'latency_ms', 100, 501, 100);
    const first = withMetric('first', 'latency_ms', 100, 500, 100);
    expect(rankModels([far, near, first])[0]?.fastest).toMatchObject({
      model: null,
      reason: 'no-difference',
    });
    expect(rankModels([far, first])[0]?.fastest.model).toBe('first');
  });

  it('corrects for the number of rivals', () => {
    const first = withMetric('first', 'latency_ms', 50, 500, 100);
    const rivals = Array.from({ length: 6 }, (_, index) =>
      withMetric(`r${index}`, 'latency_ms', 50, 543, 100),
    );
    expect(rankModels([first, rivals[0] ?? first])[0]?.fastest.model).toBe('first');
    expect(rankModels([first, ...rivals])[0]?.fastest.model).toBe(null);
  });

  it('judges reliability by errors, and says why there is no answer', () => {
    const bad = group('bad', { records: 1000, errors: 100 });
    const good = group('good', { records: 1000, errors: 10 });
    expect(rankModels([bad, good])[0]?.mostReliable).toMatchObject({
      model: 'good',
      value: 0.99,
      over: 'bad',
    });
    expect(rankModels([good])[0]?.mostReliable.reason).toBe('one-model');
    expect(rankModels([good])[0]?.fastest.reason).toBe('insufficient-data');
    const single = [withMetric('a', 'quality', 1, 1, 0), withMetric('b', 'quality', 1, 0, 0)];
    expect(rankModels(single)[0]?.best.reason).toBe('insufficient-data');
  });

  it('ranks inside each group of the other fields, without records that name no model', () => {
    const in_ = (region: string, model: string | null, errors: number): GroupSummary =>
      group(model, { key: { region, model }, records: 1000, errors });
    const rankings = rankModels([
      in_('eu', 'a', 0),
      in_('eu', 'b', 100),
      in_('us', 'b', 0),
      in_('us', null, 500),
    ]);
    expect(
      rankings.map(({ key, mostReliable }) => [key.region, mostReliable.model, mostReliable.reason]),
    ).toEqual([
      ['eu', 'a', null],
      ['us', null, 'one-model'],
    ]);
  });

  it('is not misled by a few slow calls: latencies are compared by rank', () => {
    const calls = (level: number, slow: readonly number[]) => ({
      median: level,
      values: [...Array.from({ length: 60 }, (_, index) => level + (index % 30)), ...slow],
    });
    const [quick, steady] = [group('quick'), group('steady')];
    const samples = new Map([
      [quick, calls(400, [60_000, 90_000])],
      [steady, calls(600, [])],
    ]);
    expect(rankGroups([quick, steady], samples)[0]?.fastest).toMatchObject({
      model: 'quick',
      value: 400,
      statistic: 'median',
      test: 'mann-whitney',
    });
    const few = new Map(
      [...samples].map(([one, { median, values }]) => [one, { median, values: values.slice(0, 9) }]),
    );
    expect(rankGroups([quick, steady], few)[0]?.fastest.reason).toBe('insufficient-data');
  });

  it('takes runs without a status for neither successes nor errors', () => {
    const silent = group('silent', { records: 1000, errors: 0, withoutStatus: 1000 });
    const [ranking] = rankModels([silent, group('a', { records: 1000, errors: 500 })]);
    expect(ranking?.mostReliable.reason).toBe('one-model');
  });
});

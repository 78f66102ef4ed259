import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { planBatch } from '../../../src/core/metrics/batch.ts';
import { promoteAndFollow, rollbackAndFollow } from '../../../src/operations/delivery/follow-up.ts';
import {
  type WatchPass,
  type WatchPassRequest,
  watchEnvironment,
  watchOnce,
} from '../../../src/operations/delivery/watch.ts';
import { appendBatches } from '../../../src/store/metrics-log/append.ts';
import {
  createDeliveryRepo,
  environmentsConfig,
  inPlace,
  pointerOf,
  promoteIn,
  versionsRun,
} from '../../helpers/delivery.ts';
import { atHour, beginIn, rolloutStart } from '../../helpers/rollout-in.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

/** 1.0.0 runs in production since hour -24, 1.0.1 since hour 0. */
const make = async (more = '', deployed = true, remote = false): Promise<TempRepo> => {
  const repo = await createDeliveryRepo({
    versions: 3,
    remote,
    files: {
      ...environmentsConfig(undefined, more),
      '.gitignore': '.promptv/cache/\n.promptv/metrics/\n',
    },
  });
  repos.push(repo);
  await promoteIn(repo, 'greet@1.0.0', {}, atHour(-24));
  if (deployed) await promoteIn(repo, 'greet@1.0.1', { push: remote }, atHour(0));
  return repo;
};

interface Runs {
  readonly version: string;
  readonly hour: number;
  readonly count?: number;
  /** Every so many of them failed. */
  readonly failing?: number;
  readonly metrics?: Readonly<Record<string, number>>;
}

const log = async (
  repo: TempRepo,
  { version, hour, count = 100, failing, metrics = {} }: Runs,
): Promise<void> => {
  const records = Array.from({ length: count }, (_, index) => ({
    ts: new Date(rolloutStart + hour * 3_600_000 + index).toISOString(),
    id: `${version}-${hour}-${index}`,
    ...{ prompt: 'greet', version, environment: 'production', metrics },
    status: failing !== undefined && index % failing === 0 ? ('error' as const) : ('success' as const),
  }));
  await appendBatches(planBatch(records, rolloutStart + 1e10), {
    directory: join(repo.dir, '.promptv/metrics'),
  });
};

const watchIn = (repo: TempRepo, hour: number, request: Partial<WatchPassRequest> = {}): Promise<WatchPass> =>
  inPlace(repo, (workspace) => watchOnce(workspace, { environment: 'production', ...request }), atHour(hour));

describe('watch', () => {
  it('leaves alone what is well', async () => {
    const repo = await make();
    await log(repo, { version: '1.0.1', hour: 0.5, metrics: { latency_ms: 500 } });
    expect(await watchIn(repo, 1)).toMatchObject({
      ...{ alerts: 0, rolledBack: 0 },
      prompts: [
        { prompt: 'greet', version: '1.0.1', verdict: 'well', action: 'none', figures: { records: 100 } },
      ],
    });
  });

  const conditions: readonly (readonly [name: string, config: string, runs: Partial<Runs>])[] = [
    ['success-rate', '', { failing: 12 }],
    ['error-rate', '', { failing: 3 }],
    ['error-rate-rise-version', '', { failing: 25 }],
    ['latency-p95', '', { metrics: { latency_ms: 2500 } }],
    [
      'cost',
      'alerts: {cost: {metric: cost_usd, max: 0.05, rollback: true}}\n',
      { metrics: { cost_usd: 0.06 } },
    ],
  ];
  it.each(conditions)('rolls back by itself what breaks %s', async (name, config, runs) => {
    const repo = await make(config);
    await log(repo, { version: '1.0.0', hour: -2, count: 500, metrics: { latency_ms: 500, cost_usd: 0.01 } });
    await log(repo, { version: '1.0.1', hour: 0.5, count: 500, ...runs });
    const pass = await watchIn(repo, 1);
    expect(pass.prompts[0]?.alerts.map((alert) => alert.name)).toContain(name);
    expect(pass).toMatchObject({
      rolledBack: 1,
      prompts: [{ version: '1.0.1', verdict: 'unwell', action: 'rolled-back', rollback: { to: '1.0.0' } }],
    });
    expect(pointerOf(repo).deployments.at(-1)).toMatchObject({
      ...{ action: 'rollback', version: '1.0.0', trigger: 'automatic', triggeredBy: 'promptv watch' },
      reason: expect.stringContaining(name),
    });
  });

  it('gives a rise as one, in the reason too, and does not take its own push for the work of another', async () => {
    const repo = await make('', true, true);
    await log(repo, { version: '1.0.0', hour: -2, count: 500, failing: 100, metrics: { latency_ms: 500 } });
    await log(repo, { version: '1.0.1', hour: 0.5, count: 500, failing: 5, metrics: { latency_ms: 2500 } });
    const pass = await watchIn(repo, 1, { push: true });
    expect(pass).toMatchObject({ rolledBack: 1, warnings: [], prompts: [{ rollback: { pushed: true } }] });
    const reason = pointerOf(repo).deployments.at(-1)?.reason;
    expect(reason).toContain('error-rate-rise-version: error_rate rose by 1900 %, above 50 %');
    expect(reason).toContain('latency-p95: latency_ms p95 is 2500, above 2000');
  });

  it('does not take the records of another version, or of an earlier time, for those of what runs', async () => {
    const repo = await make();
    await log(repo, { version: '1.0.1', hour: -1, failing: 2 });
    await log(repo, { version: '1.0.0', hour: 0.5, failing: 2 });
    expect(await watchIn(repo, 1)).toMatchObject({ prompts: [{ verdict: 'insufficient', action: 'none' }] });
  });

  it('only says it with --report, and in a dry run says what it would do', async () => {
    const repo = await make();
    await log(repo, { version: '1.0.1', hour: 0.5, failing: 3 });
    expect(await watchIn(repo, 1, { report: true })).toMatchObject({ prompts: [{ action: 'reported' }] });
    expect(await watchIn(repo, 1, { dryRun: true })).toMatchObject({
      prompts: [{ action: 'rolled-back', rollback: { to: '1.0.0', commit: null } }],
    });
    expect(versionsRun(repo)).toEqual(['1.0.0', '1.0.1']);
  });

  it('leaves what an alert does not roll back', async () => {
    const repo = await make('alerts: {slow: {metric: latency_ms, max: 100}}\n');
    await log(repo, { version: '1.0.1', hour: 0.5, metrics: { latency_ms: 500 } });
    expect(await watchIn(repo, 1)).toMatchObject({
      prompts: [{ action: 'reported', why: 'none of its alerts rolls back' }],
    });
  });

  it('does not go back a second time by itself', async () => {
    const repo = await make();
    await promoteIn(repo, 'greet@1.0.2', {}, atHour(1));
    await log(repo, { version: '1.0.2', hour: 1.5, failing: 3 });
    expect(await watchIn(repo, 2)).toMatchObject({ rolledBack: 1 });
    await log(repo, { version: '1.0.1', hour: 2.5, failing: 3 });
    expect(await watchIn(repo, 3)).toMatchObject({
      ...{
        rolledBack: 0,
        prompts: [{ action: 'held', why: expect.stringContaining('automatically already') }],
      },
    });
    expect(versionsRun(repo)).toEqual(['1.0.0', '1.0.1', '1.0.2', '1.0.1']);
  });

  it('does not go back to what was no better', async () => {
    const repo = await make();
    await log(repo, { version: '1.0.0', hour: -2, metrics: { latency_ms: 3000 } });
    await log(repo, { version: '1.0.1', hour: 0.5, metrics: { latency_ms: 3000 } });
    expect(await watchIn(repo, 1)).toMatchObject({
      prompts: [{ action: 'held', why: '1.0.0 was no better' }],
    });
  });

  it('says that there is nothing to go back to, and leaves a rollout to its gates', async () => {
    const repo = await make('', false);
    await log(repo, { version: '1.0.0', hour: 0.5, failing: 3 });
    expect(await watchIn(repo, 1)).toMatchObject({
      prompts: [{ action: 'held', why: 'there is no version to go back to' }],
    });
    await beginIn(repo);
    expect(await watchIn(repo, 1)).toMatchObject({
      prompts: [{ action: 'held', why: expect.stringContaining('rollout is under way') }],
    });
  });

  it('looks at every interval until it is stopped, and tells of an alert once while it fires', async () => {
    const repo = await make('notify: {log: {type: file, file: .promptv/cache/events.jsonl}}\n');
    await log(repo, { version: '1.0.1', hour: 0.5, failing: 3 });
    const stop = new AbortController();
    const waits: number[] = [];
    const passes: WatchPass[] = [];
    const { hasAlerts } = await inPlace(
      repo,
      (workspace) =>
        watchEnvironment(workspace, {
          ...{ environment: 'production', report: true, intervalMs: 30_000, stop: stop.signal },
          onPass: async (pass) => void passes.push(pass),
          onTrouble: (error) => {
            throw error;
          },
          wait: async (durationMs) => {
            if (waits.push(durationMs) === 3) stop.abort();
          },
        }),
      atHour(1),
    );
    expect({ hasAlerts, waits }).toEqual({ hasAlerts: true, waits: [30_000, 30_000, 30_000] });
    expect(passes.map(({ alerts, notices }) => [alerts, notices.length])).toEqual([
      [2, 2],
      [2, 0],
      [2, 0],
    ]);
  });
});

/** A clock that goes on while it is waited for. */
const clockFrom = (hour: number) => {
  let time = rolloutStart + hour * 3_600_000;
  return {
    now: () => new Date(time),
    wait: async (durationMs: number) => {
      time += durationMs;
    },
  };
};

describe('--monitor', () => {
  it('looks every ten seconds at what was promoted, and writes down before and after', async () => {
    const repo = await make('', false);
    await log(repo, { version: '1.0.0', hour: -1, metrics: { latency_ms: 500 } });
    const { now, wait } = clockFrom(0);
    const looks: number[] = [];
    const result = await inPlace(
      repo,
      (workspace) =>
        promoteAndFollow(workspace, {
          ...{ refs: ['greet@1.0.1'], environment: 'production', monitorMs: 120_000 },
          wait: async (durationMs) => {
            await wait(durationMs);
            if (looks.length === 2)
              await log(repo, { version: '1.0.1', hour: 0.005, metrics: { latency_ms: 800 } });
          },
          onLook: ({ figures }) => void looks.push(figures.records),
        }),
      { now },
    );
    expect(looks).toEqual([0, 0, ...Array(11).fill(100)]);
    expect(result.monitors).toMatchObject([
      {
        ...{ prompt: 'greet', version: '1.0.1', verdict: 'well', looks: 13 },
        before: { version: '1.0.0', records: 100, latencyMeanMs: 500, errorRate: 0 },
        after: { version: '1.0.1', records: 100, latencyMeanMs: 800 },
      },
    ]);
    expect(
      repo
        .git('ls-files', '--others', '.promptv/metrics')
        .split('\n')
        .map((file) => file && repo.read(file))
        .join(''),
    ).toContain('"watched":"1.0.1"');
  });

  it('says that what a rollback brought is not well, or that nobody knows', async () => {
    const repo = await make();
    const monitor = (request: object) => {
      const { now, wait } = clockFrom(1);
      return inPlace(
        repo,
        (workspace) =>
          rollbackAndFollow(workspace, {
            ...{ names: ['greet'], environment: 'production', monitorMs: 20_000, wait, ...request },
          }),
        { now },
      );
    };
    expect((await monitor({ dryRun: true })).monitors).toEqual([]);
    expect((await monitor({})).monitors).toMatchObject([
      { version: '1.0.0', verdict: 'insufficient', looks: 3 },
    ]);
    await log(repo, { version: '1.0.0', hour: 1.001, failing: 3 });
    expect((await monitor({ to: '1.0.0' })).monitors).toMatchObject([
      { version: '1.0.0', verdict: 'unwell', alerts: [{ name: 'error-rate' }, { name: 'success-rate' }] },
    ]);
  });
});

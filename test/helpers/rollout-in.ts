import { join } from 'node:path';
import { planBatch } from '../../src/core/metrics/batch.ts';
import { createRandomStream } from '../../src/core/stats/random.ts';
import type { Decided } from '../../src/operations/decide-state.ts';
import {
  applyRolloutVerb,
  type RolloutChangeRequest,
  type RolloutChangeResult,
} from '../../src/operations/rollout/change.ts';
import { type RolloutTickRequest, tickRollouts } from '../../src/operations/rollout/tick.ts';
import type { RolloutTick } from '../../src/operations/rollout/tick-result.ts';
import { appendBatches } from '../../src/store/metrics-log/append.ts';
import { createDeliveryRepo, environmentsConfig, inPlace, type Place, promoteIn } from './delivery.ts';
import type { TempRepo } from './temp-repo.ts';

export const rolloutStart = Date.parse('2026-03-01T00:00:00.000Z');

/** A clock so many hours after the rollouts of the tests begin. */
export const atHour = (hour: number): Place => ({ now: () => new Date(rolloutStart + hour * 3_600_000) });

/** A repository in which greet@1.0.0 runs in production and 1.0.1 is saved. */
export const createRolloutRepo = async (
  more = '',
  options: { readonly remote?: boolean; readonly versions?: number } = {},
): Promise<TempRepo> => {
  const repo = await createDeliveryRepo({
    files: { ...environmentsConfig(undefined, more), '.gitignore': '.promptv/cache/\n.promptv/metrics/\n' },
    versions: options.versions ?? 2,
    remote: options.remote ?? false,
  });
  await promoteIn(repo, 'greet@1.0.0', { push: options.remote ?? false }, atHour(-24));
  return repo;
};

/** Begins a rollout of greet@1.0.1 at hour 0: 10, 50 and 100 per cent, an hour each, gated on latency and errors. */
export const beginIn = (repo: TempRepo, request: Parameters<typeof promoteIn>[2] = {}) =>
  promoteIn(
    repo,
    'greet@1.0.1',
    {
      strategy: 'gradual',
      ...request,
      rollout: {
        steps: [10, 50, 100].map((weight) => ({ weight, holdMs: weight === 100 ? 0 : 3_600_000 })),
        gates: ['latency_ms <= +20%', 'error_rate <= 10%'],
        ...request.rollout,
      },
    },
    atHour(0),
  );

/** Ticks the rollout of greet in production. */
export const tickIn = async (
  repo: TempRepo,
  hour: number,
  request: RolloutTickRequest = {},
): Promise<RolloutTick> => {
  const { ticks } = await inPlace(
    repo,
    (workspace) => tickRollouts(workspace, { name: 'greet', environment: 'production', ...request }),
    atHour(hour),
  );
  const [tick] = ticks;
  if (!tick) throw new Error('Nothing was ticked.');
  return tick;
};

export const verbIn = (
  repo: TempRepo,
  verb: RolloutChangeRequest['verb'],
  { hour = 0, ...request }: Partial<RolloutChangeRequest> & { readonly hour?: number } = {},
): Promise<Decided<RolloutChangeResult>> =>
  inPlace(
    repo,
    (workspace) =>
      applyRolloutVerb(workspace, { name: 'greet', environment: 'production', ...request, verb }),
    atHour(hour),
  );

interface Traffic {
  /** From which hour to which. */
  readonly hours: readonly [from: number, to: number];
  /** Units in those hours. */
  readonly count?: number;
  /** Per cent that get the candidate. */
  readonly weight: number;
  /** Mean latency of each version. */
  readonly latency?: readonly [stable: number, candidate: number];
  /** Share of the candidate's runs that fail. */
  readonly failing?: number;
  readonly named?: boolean;
}

/** Writes what so many units did into the log, split exactly by weight. */
export const logTraffic = async (
  repo: TempRepo,
  { hours: [from, to], count = 2000, weight, latency = [800, 800], failing = 0, named = true }: Traffic,
): Promise<void> => {
  const random = createRandomStream(`${from} ${to} ${weight}`);
  const records = Array.from({ length: count }, (_, index) => {
    const isCandidate = (index * 37) % 100 < weight;
    const mean = isCandidate ? latency[1] : latency[0];
    return {
      ts: new Date(rolloutStart + (from + ((to - from) * index) / count) * 3_600_000).toISOString(),
      prompt: 'greet',
      version: isCandidate ? '1.0.1' : '1.0.0',
      environment: 'production',
      id: `run-${from}-${index}`,
      ...(named ? { unit: `unit-${from}-${index}` } : {}),
      status: isCandidate && random.nextUniform() < failing ? ('error' as const) : ('success' as const),
      metrics: { latency_ms: mean + 100 * random.nextNormal() },
    };
  });
  await appendBatches(planBatch(records, rolloutStart + 1e9), {
    directory: join(repo.dir, '.promptv/metrics'),
  });
};

import { describe, expect, it } from 'vitest';
import { changeRollout } from '../../../../src/core/rollout/change.ts';
import { decideTick } from '../../../../src/core/rollout/decide-tick.ts';
import { type ArmFigures, judgeGate } from '../../../../src/core/rollout/judge-gate.ts';
import { currentStep, isOpen, type RolloutRecord } from '../../../../src/core/rollout/record.ts';
import { noRatio } from '../../../../src/core/rollout/sample-ratio.ts';
import { toServedRollout } from '../../../../src/core/rollout/split.ts';
import { decideServing } from '../../../../src/core/serving/decide.ts';
import { type Moments, mergeMoments } from '../../../../src/core/stats/moments.ts';
import { createRandomStream, type RandomStream } from '../../../../src/core/stats/random.ts';
import { gatesOf, hours, pendingRollout } from '../../../helpers/rollouts.ts';

/** Runs an hour, of both versions together; six looks an hour. */
const runsAnHour = 3000;
const looksAnHour = 6;
const mostHours = 60;

interface World {
  /** How much slower the candidate is: 1.5 is 50 %. */
  readonly latencyFactor: number;
}

interface Totals {
  readonly latency: Moments;
  readonly quality: Moments;
  readonly errors: { readonly x: number; readonly n: number };
}

const nothing: Totals = {
  latency: { n: 0, mean: 0, M2: 0 },
  quality: { n: 0, mean: 0, M2: 0 },
  errors: { x: 0, n: 0 },
};

const momentsIn = (values: Float64Array): Moments => {
  if (values.length === 0) return nothing.latency;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { n: values.length, mean, M2: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
};

/** Moments of `n` log-normal latencies or normal qualities, drawn one by one. */
const drawRuns = (random: RandomStream, n: number, factor: number): Totals => {
  const latencies = new Float64Array(n);
  const qualities = new Float64Array(n);
  let x = 0;
  for (let run = 0; run < n; run += 1) {
    latencies[run] = 800 * factor * Math.exp(0.6 * random.nextNormal());
    qualities[run] = 0.86 + 0.08 * random.nextNormal();
    if (random.nextUniform() < 0.02) x += 1;
  }
  return { latency: momentsIn(latencies), quality: momentsIn(qualities), errors: { x, n } };
};

const merge = (a: Totals, b: Totals): Totals => ({
  latency: mergeMoments(a.latency, b.latency),
  quality: mergeMoments(a.quality, b.quality),
  errors: { x: a.errors.x + b.errors.x, n: a.errors.n + b.errors.n },
});

const armOf = ({ latency, quality, errors }: Totals): ArmFigures => ({
  errors,
  means: { latency_ms: latency, quality },
  quantiles: {},
});

type Judge = (
  record: RolloutRecord,
  arms: { readonly stable: ArmFigures; readonly candidate: ArmFigures },
) => string[];

/** What is sold elsewhere as a check: the candidate's mean is beyond the bound. */
const comparePoints: Judge = (_, { stable, candidate }) => {
  const mean = (arm: ArmFigures, metric: string): number => arm.means[metric]?.mean ?? Number.NaN;
  const rate = ({ errors: { x, n } }: ArmFigures): number => x / n;
  return [
    ...(mean(candidate, 'latency_ms') > 1.2 * mean(stable, 'latency_ms') ? ['latency'] : []),
    ...(mean(candidate, 'quality') < 0.95 * mean(stable, 'quality') ? ['quality'] : []),
    ...(rate(candidate) > rate(stable) + 0.02 ? ['errors'] : []),
  ];
};

const gates = gatesOf('quality >= -5%', 'latency_ms <= +20%', 'error_rate <= +2pp', 'error_rate <= 10%');

const begin = (): RolloutRecord => {
  const pending = pendingRollout();
  const steps = pending.steps.map((step) => ({ ...step, gates }));
  const record = changeRollout({ ...pending, steps }, { action: 'start', at: hours(0), by: 'x' });
  if (record === null) throw new Error('It does not start.');
  return record;
};

/** Plays one rollout; answers the state it ended in, and the hour. */
const play = (
  seed: string,
  world: World,
  points?: Judge,
): { readonly state: string; readonly hour: number } => {
  const random = createRandomStream(seed);
  let record = begin();
  let [stable, candidate] = [nothing, nothing];
  for (let look = 1; look <= mostHours * looksAnHour; look += 1) {
    const runs = runsAnHour / looksAnHour;
    const mine = Math.round((runs * record.weight) / 100);
    candidate = merge(candidate, drawRuns(random, mine, world.latencyFactor));
    stable = merge(stable, drawRuns(random, runs - mine, 1));
    const arms = { stable: armOf(stable), candidate: armOf(candidate) };
    const hour = look / looksAnHour;
    if (points) {
      if (candidate.errors.n >= 100 && points(record, arms).length > 0) return { state: 'aborted', hour };
      if (hour >= 2) return { state: 'succeeded', hour };
      continue;
    }
    const { policy, weight, windowFrom } = record;
    const options = {
      ...policy,
      minSamples: currentStep(record).minSamples,
      share: weight === 100 ? 0.5 : weight / 100,
    };
    const checks = gates.map((gate) => judgeGate(gate, arms, options));
    const { errors: failures } = arms.candidate;
    const found = decideTick(record, hours(hour), {
      checks,
      failures,
      ratio: noRatio,
      queryErrors: 0,
      drift: null,
      hasRoom: true,
    });
    if (found.action === null) continue;
    const next = changeRollout(record, {
      action: found.action,
      at: hours(hour),
      by: 'x',
      ...(found.pause ? { pause: found.pause } : {}),
    });
    if (next === null) throw new Error(`${record.state} refuses ${found.action}`);
    record = next;
    if (record.windowFrom !== windowFrom) [stable, candidate] = [nothing, nothing];
    if (!isOpen(record) || record.state === 'paused') return { state: record.state, hour };
  }
  return { state: record.state, hour: mostHours };
};

const playMany = (count: number, world: World, points?: Judge): readonly string[] =>
  Array.from({ length: count }, (_, index) => play(`rollout ${index}`, world, points).state);

const countOf = (states: readonly string[], wanted: string): number =>
  states.filter((state) => state === wanted).length;

describe('simulated rollouts, looked at every ten minutes', () => {
  it('of an unchanged candidate are aborted in at most 1 %, and nearly all succeed', () => {
    const states = playMany(500, { latencyFactor: 1 });
    expect(countOf(states, 'aborted')).toBeLessThanOrEqual(5);
    expect(countOf(states, 'succeeded')).toBeGreaterThanOrEqual(475);
  }, 120_000);

  it('of a candidate with 50 % more latency are aborted in at least 90 %', () => {
    expect(countOf(playMany(100, { latencyFactor: 1.5 }), 'aborted')).toBeGreaterThanOrEqual(90);
  }, 120_000);

  it('end worse where points are compared: more unchanged candidates are aborted', () => {
    const judged = countOf(playMany(200, { latencyFactor: 1 }), 'aborted');
    const compared = countOf(playMany(200, { latencyFactor: 1 }, comparePoints), 'aborted');
    expect(compared).toBeGreaterThan(judged + 2);
  }, 120_000);
});

describe('100,000 units through a whole rollout', () => {
  it('go to the candidate at most once and never back, in the shares of the steps', () => {
    const units = Array.from({ length: 100_000 }, (_, index) => `user-${index}`);
    const moved = new Set<string>();
    let back = 0;
    const now = new Date(0);
    for (const weight of [0, 5, 10, 25, 50, 75, 100]) {
      const record: RolloutRecord = { ...pendingRollout(), state: 'running', weight };
      const serving = { pointer: record.stable, experiment: null, rollout: toServedRollout(record) };
      let served = 0;
      for (const unit of units) {
        const isCandidate = decideServing(serving, { unit, now }).version === record.candidate.version;
        if (isCandidate) {
          moved.add(unit);
          served += 1;
        } else if (moved.has(unit)) back += 1;
      }
      expect(Math.abs(served / units.length - weight / 100)).toBeLessThan(0.005);
    }
    expect([moved.size, back]).toEqual([units.length, 0]);
  }, 60_000);
});

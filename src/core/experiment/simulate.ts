import { type Moments, mergeMoments, rateMoments } from '../stats/moments.ts';
import { adjustPValues } from '../stats/multiplicity.ts';
import { createRandomStream, type RandomStream } from '../stats/random.ts';
import { contrastMeans } from '../stats/welch.ts';
import { type Inference, infer } from './inference.ts';

/** A metric as it is played: normal values, or yes and no. */
export interface SimulatedMetric {
  readonly name: string;
  readonly type: 'mean' | 'rate';
  readonly baseline: number;
  /** Of type `mean`. */
  readonly sd: number;
  /** What the other variants gain in the A/B runs, in the metric's units. */
  readonly effect: number;
}

export interface SimulationPlan {
  readonly metrics: readonly SimulatedMetric[];
  /** Control included. */
  readonly variants: number;
  readonly unitsPerVariant: number;
  /** A look each so many units a variant; the last at `unitsPerVariant`. */
  readonly lookEvery: number;
  readonly runs: number;
  readonly seed: string;
  readonly alpha: number;
  /** No test before so many units a variant. */
  readonly minUnits: number;
}

/** How often a difference was claimed. */
export interface DetectionRate {
  readonly runs: number;
  readonly detected: number;
  readonly rate: number;
  /** Of the rate, confidence 95 %: what the number of runs leaves open. */
  readonly standardError: number;
  /** The units a variant at which half of the runs that claimed one had done so; null when none had. */
  readonly medianUnits: number | null;
}

/** The same experiment without any difference (A/A), and with the effects (A/B). */
export interface Simulation {
  readonly sequential: { readonly aa: DetectionRate; readonly ab: DetectionRate };
  /** One look, at the end. */
  readonly fixed: { readonly aa: DetectionRate; readonly ab: DetectionRate };
}

/** Plays an experiment many times; the same seed gives the same figures everywhere. */
export const simulateExperiment = (plan: SimulationPlan): Simulation => {
  const aa = playRuns(plan, false);
  const ab = playRuns(plan, true);
  return {
    sequential: { aa: summarize(aa, 'sequential'), ab: summarize(ab, 'sequential') },
    fixed: { aa: summarize(aa, 'fixed'), ab: summarize(ab, 'fixed') },
  };
};

/** Units a variant at which a run claimed a difference; null when it never did. */
interface RunOutcome {
  readonly sequential: number | null;
  readonly fixed: number | null;
}

const playRuns = (plan: SimulationPlan, hasEffect: boolean): RunOutcome[] => {
  const random = createRandomStream(`${plan.seed} ${hasEffect ? 'A/B' : 'A/A'}`);
  return Array.from({ length: plan.runs }, () => playRun(plan, hasEffect, random));
};

const playRun = (plan: SimulationPlan, hasEffect: boolean, random: RandomStream): RunOutcome => {
  const { metrics, variants, unitsPerVariant, lookEvery, minUnits, alpha } = plan;
  const inference = { alpha, nStar: 2 * unitsPerVariant };
  let arms: Moments[][] = metrics.map(() =>
    Array.from({ length: variants }, () => ({ n: 0, mean: 0, M2: 0 })),
  );
  let sequential: number | null = null;
  for (let n = 0; n < unitsPerVariant; ) {
    const more = Math.min(lookEvery, unitsPerVariant - n);
    n += more;
    arms = arms.map((ofMetric, metric) =>
      ofMetric.map((arm, variant) =>
        mergeMoments(arm, drawUnits(metrics[metric], more, hasEffect && variant > 0, random)),
      ),
    );
    if (sequential === null && n >= minUnits && isDetected(arms, { ...inference, mode: 'sequential' }))
      sequential = n;
  }
  const isFixed = isDetected(arms, { ...inference, mode: 'fixed' });
  return { sequential, fixed: isFixed ? unitsPerVariant : null };
};

const drawUnits = (
  metric: SimulatedMetric | undefined,
  count: number,
  hasEffect: boolean,
  random: RandomStream,
): Moments => {
  if (metric === undefined) return { n: 0, mean: 0, M2: 0 };
  const centre = metric.baseline + (hasEffect ? metric.effect : 0);
  if (metric.type === 'rate') {
    let events = 0;
    for (let unit = 0; unit < count; unit += 1) if (random.nextUniform() < centre) events += 1;
    return rateMoments(events, count);
  }
  let mean = 0;
  let M2 = 0;
  for (let unit = 1; unit <= count; unit += 1) {
    const deviation = metric.sd * random.nextNormal() - mean;
    mean += deviation / unit;
    M2 += deviation * deviation * (1 - 1 / unit);
  }
  return { n: count, mean: centre + mean, M2 };
};

/** Whether any comparison is certain, after Holm. */
const isDetected = (arms: readonly (readonly Moments[])[], inference: Inference): boolean => {
  const ps = arms.flatMap(([control, ...others]) =>
    others.map((other) =>
      control === undefined
        ? null
        : infer(contrastMeans(control, other, 1), control.n + other.n, inference).p,
    ),
  );
  return adjustPValues(ps).holm.some((p) => p !== null && p <= inference.alpha);
};

const summarize = (runs: readonly RunOutcome[], mode: Inference['mode']): DetectionRate => {
  const units = runs.flatMap((run) => run[mode] ?? []).sort((a, b) => a - b);
  const rate = units.length / runs.length;
  return {
    runs: runs.length,
    detected: units.length,
    rate,
    standardError: Math.sqrt((rate * (1 - rate)) / runs.length),
    medianUnits: units[Math.floor((units.length - 1) / 2)] ?? null,
  };
};

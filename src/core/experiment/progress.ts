import { planSequentialUnits, sequenceWidth } from '../stats/sequential.ts';
import type { MinimumEffect } from './definition.ts';
import type { Inference, Interval } from './inference.ts';

/** How far an experiment has come against its plan. */
export interface Progress {
  /** Units of the smallest variant that count. */
  readonly unitsPerVariant: number;
  readonly plannedN: number | null;
  /** `unitsPerVariant / plannedN`. */
  readonly share: number | null;
  /** About how many units per variant are still needed; null when that cannot be said, 0 when none. */
  readonly moreUnits: number | null;
  readonly unitsPerDay: number | null;
  /** At the present traffic, for `moreUnits`. */
  readonly moreDays: number | null;
  readonly days: number;
  readonly maxDays: number;
  readonly isTimeOver: boolean;
  readonly isPlanReached: boolean;
}

export interface ProgressInput {
  readonly unitsPerVariant: number;
  readonly plannedN: number | null;
  readonly moreUnits: number | null;
  /** Epoch milliseconds: the phase's beginning, and now or the experiment's end. */
  readonly since: number;
  readonly until: number;
  /** When the whole experiment began. */
  readonly startedAt: number;
  readonly maxDurationMs: number;
}

const dayMs = 86_400_000;

/** Puts what was reached beside what was planned. */
export const describeProgress = (input: ProgressInput): Progress => {
  const { unitsPerVariant, plannedN, moreUnits, since, until, startedAt, maxDurationMs } = input;
  const days = Math.max(0, until - startedAt) / dayMs;
  const phaseDays = Math.max(0, until - since) / dayMs;
  const perDay = phaseDays > 0 && unitsPerVariant > 0 ? unitsPerVariant / phaseDays : null;
  return {
    unitsPerVariant,
    plannedN,
    share: plannedN === null ? null : unitsPerVariant / plannedN,
    moreUnits,
    unitsPerDay: perDay,
    moreDays: perDay === null || moreUnits === null ? null : moreUnits / perDay,
    days,
    maxDays: maxDurationMs / dayMs,
    isTimeOver: until - startedAt >= maxDurationMs,
    isPlanReached: plannedN !== null && unitsPerVariant >= plannedN,
  };
};

/** One comparison as far as the width of its interval goes. */
export interface WidthInput {
  readonly absolute: number | null;
  readonly interval: Interval | null;
  readonly control: number | null;
  /** Units of both variants, or pairs. */
  readonly n: number;
  readonly isPaired: boolean;
}

/**
 * About how many more units per variant an interval needs to tell an effect of the size looked for (the least effect
 * worth finding, else the one seen) from none: none for the fixed sample, which has its plan.
 */
export const planMoreUnits = (
  { absolute, interval, control, n, isPaired }: WidthInput,
  mde: MinimumEffect | null,
  inference: Inference,
): number | null => {
  if (interval === null || absolute === null || n === 0) return null;
  const effect =
    mde === null ? Math.abs(absolute) : mde.relative ? Math.abs(mde.value * (control ?? 0)) : mde.value;
  const halfWidth = (interval[1] - interval[0]) / 2;
  if (!(effect > 0) || !(halfWidth > 0)) return null;
  const total =
    inference.mode === 'sequential'
      ? planSequentialUnits({
          unitSd: (halfWidth / sequenceWidth(n, inference)) * Math.sqrt(n),
          halfWidth: effect,
          alpha: inference.alpha,
          nStar: inference.nStar,
        })
      : n * (halfWidth / effect) ** 2;
  return total > mostGrowth * n ? null : Math.max(0, Math.ceil((total - n) / (isPaired ? 1 : 2)));
};

/** More than so many times what there is: then the effect seen is too close to none to plan by. */
const mostGrowth = 100;

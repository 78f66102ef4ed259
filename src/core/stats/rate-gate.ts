import { normalUpperTail } from './normal.ts';
import type { Reason } from './reason.ts';
import type { GateOptions, GateVerdict } from './relative-gate.ts';
import type { Rate } from './wilson.ts';

/** Whether a canary's rate is no worse than the stable one by more than a margin in points (0.02 is two). */
interface RateGate {
  /** What is left of the margin, in points of 1: positive is within it. */
  readonly slack: number | null;
  readonly z: number | null;
  readonly pPass: number | null;
  readonly pFail: number | null;
  readonly verdict: GateVerdict;
  readonly reason: Reason | null;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/**
 * The stable rate of greatest likelihood among those with `canary = stable + delta`: the middle root of a cubic.
 * Source: Miettinen and Nurminen, Comparative analysis of two rates (1985), appendix.
 */
export const restrictRate = (stable: Rate, canary: Rate, delta: number): number => {
  const n = stable.n + canary.n;
  const x = stable.x + canary.x;
  const l2 = (canary.n + 2 * stable.n) * delta - n - x;
  const l1 = (stable.n * delta - n - 2 * stable.x) * delta + x;
  const l0 = stable.x * delta * (1 - delta);
  const third = l2 / (3 * n);
  const q = third ** 3 - (l1 * l2) / (6 * n * n) + l0 / (2 * n);
  const size = Math.sqrt(Math.max(0, third * third - l1 / (3 * n)));
  const p = q < 0 ? -size : size;
  const angle = p === 0 ? 0 : (Math.PI + Math.acos(clamp(q / p ** 3, -1, 1))) / 3;
  return clamp(2 * p * Math.cos(angle) - third, Math.max(0, -delta), Math.min(1, 1 - delta));
};

/**
 * Gates a rate by an absolute margin with the score test, which needs no event on either side: 0 of 1,000 against
 * 0 of 1,000 passes a margin of 2 points. Source: Farrington and Manning (1990).
 */
export const testRateMargin = (stable: Rate, canary: Rate, options: GateOptions): RateGate => {
  const { margin, direction, alpha } = options;
  if (stable.n === 0 || canary.n === 0) {
    const reason = 'insufficient-data';
    return { slack: null, z: null, pPass: null, pFail: null, verdict: 'inconclusive', reason };
  }
  const sign = direction === 'higher' ? 1 : -1;
  const slack = sign * (canary.x / canary.n - stable.x / stable.n) + margin;
  const p = restrictRate(stable, canary, -sign * margin);
  const shifted = p - sign * margin;
  const variance = (p * (1 - p)) / stable.n + (shifted * (1 - shifted)) / canary.n;
  if (!(variance > 0)) {
    return { slack, z: null, pPass: null, pFail: null, verdict: 'inconclusive', reason: 'zero-variance' };
  }
  const z = slack / Math.sqrt(variance);
  const pPass = normalUpperTail(z);
  const pFail = normalUpperTail(-z);
  const verdict = pPass < alpha ? 'pass' : pFail < alpha ? 'fail' : 'inconclusive';
  return { slack, z, pPass, pFail, verdict, reason: null };
};

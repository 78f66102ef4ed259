import { mostQueryErrors } from './judge-query.ts';
import { currentStep, type GateCheck, type PauseReason, type RolloutRecord } from './record.ts';
import type { SampleRatio } from './sample-ratio.ts';

/** What a tick found when it looked. */
export interface Look {
  readonly checks: readonly GateCheck[];
  /** Records of the candidate that say how they ended. */
  readonly failures: { readonly x: number; readonly n: number };
  readonly ratio: SampleRatio;
  /** Looks in a row in which a query ended in an error. */
  readonly queryErrors: number;
  /** What in the repository is no longer as the rollout left it; null when all is. */
  readonly drift: string | null;
  /** Whether another rollout may run. */
  readonly hasRoom: boolean;
}

export type TickOutcome = 'advanced' | 'waiting' | 'paused' | 'aborted' | 'succeeded';

/** What a tick does: at most one transition; none with `action: null`. */
export interface TickDecision {
  readonly outcome: TickOutcome;
  readonly action: 'start' | 'advance' | 'pause' | 'abort' | 'end' | 'succeed' | null;
  readonly pause: PauseReason | null;
  /** Why, for a reader. */
  readonly why: string;
  /** When the hold of the step ends, ISO 8601 UTC; null where nothing is held. */
  readonly nextAt: string | null;
}

/** Decides what happens to a rollout now. @throws TypeError for one that has ended */
export const decideTick = (record: RolloutRecord, now: string, look: Look): TickDecision => {
  const nextAt = record.state === 'pending' ? null : holdEnd(record);
  const decision = (
    outcome: TickOutcome,
    action: TickDecision['action'],
    why: string,
    pause: PauseReason | null = null,
  ): TickDecision => ({ outcome, action, pause, why, nextAt: outcome === 'waiting' ? nextAt : null });
  const { state } = record;
  if (state === 'aborting') return decision('aborted', 'end', 'an abort that was not finished');
  const ceiling = ceilingCrossed(record, look);
  if (ceiling !== null && state !== 'pending') return decision('aborted', 'abort', ceiling);
  if (state === 'paused') {
    const why = look.drift ?? 'it waits for a person';
    return decision('paused', null, `${record.pause?.reason}; ${why}`);
  }
  if (state === 'pending') {
    if (look.drift !== null) return decision('waiting', null, `it cannot start: ${look.drift}`);
    return look.hasRoom
      ? decision('advanced', 'start', 'there is room')
      : decision('waiting', null, 'it starts when another rollout has ended ("rollouts.maxRunning")');
  }
  if (look.drift !== null) return decision('paused', 'pause', look.drift, 'drift');
  if (state !== 'running' && state !== 'promoting')
    throw new TypeError(`A rollout that has ${state} has ended.`);
  return decideStep(record, Date.parse(now), { look, decision });
};

type Decide = (
  outcome: TickOutcome,
  action: TickDecision['action'],
  why: string,
  pause?: PauseReason,
) => TickDecision;

const decideStep = (
  record: RolloutRecord,
  nowMs: number,
  { look, decision }: { readonly look: Look; readonly decision: Decide },
): TickDecision => {
  const { policy, steps, step } = record;
  const { mismatch, detail } = look.ratio;
  if (mismatch) return decision('paused', 'pause', `sample ratio mismatch: ${detail}`, 'mismatch');
  // A clock that was set back has not waited longer.
  const isOver = nowMs >= Date.parse(holdEnd(record));
  const failing = look.checks.filter(({ verdict }) => verdict === 'fail');
  if (failing.length > 0 && (isOver || policy.mode === 'sequential')) {
    const why = `failed: ${failing.map(describeFailure).join(', ')}`;
    return policy.onFail === 'abort'
      ? decision('aborted', 'abort', why)
      : decision('paused', 'pause', why, 'failed');
  }
  if (look.queryErrors >= mostQueryErrors)
    return decision(
      'paused',
      'pause',
      `${look.queryErrors} looks in a row met an error: ${namesOf(look, 'error')}`,
      'error',
    );
  if (!isOver) return decision('waiting', null, 'its hold is not over');
  const open = undecidedKind(look.checks, currentStep(record).gates.length);
  if (open !== null) return decideUndecided(record, nowMs, { look, decision, open });
  if (currentStep(record).approve) return decision('paused', 'pause', 'it waits for a person', 'approval');
  if (step === steps.length - 1) return decision('succeeded', 'succeed', 'every gate of every step held');
  return decision('advanced', 'advance', look.checks.length === 0 ? 'its hold is over' : 'every gate held');
};

/** `latency_ms <= +20% (measured +203%)`, in the units of the gate. */
const describeFailure = ({ gate, value }: GateCheck): string => {
  if (value === null) return gate;
  const [, sign, unit = ''] = /= ([+-]?)[\d.]+(%|pp)?$/.exec(gate) ?? [];
  const figure = Number((unit === '' ? value : value * 100).toPrecision(3));
  return `${gate} (measured ${sign && figure >= 0 ? '+' : ''}${figure}${unit})`;
};

const decideUndecided = (
  record: RolloutRecord,
  nowMs: number,
  { look, decision, open }: { readonly look: Look; readonly decision: Decide; readonly open: UndecidedKind },
): TickDecision => {
  const why = `${open}: ${namesOf(look, open) || 'no gate could be judged'}`;
  const { policy } = record;
  const asked = open === 'inconclusive' ? policy.onInconclusive : policy.onNoData;
  const isLate = nowMs - Date.parse(holdEnd(record)) > policy.maxWaitMs;
  return asked === 'pause' && isLate
    ? decision('paused', 'pause', why, open)
    : decision('waiting', null, why);
};

const namesOf = ({ checks }: Look, verdict: GateCheck['verdict']): string =>
  checks.flatMap((check) => (check.verdict === verdict ? [check.gate] : [])).join(', ');

type UndecidedKind = 'error' | 'no-data' | 'inconclusive';

/** Why the checks do not let it go on, the worst first; null when they do. Gates that were all skipped do not. */
const undecidedKind = (checks: readonly GateCheck[], gates: number): UndecidedKind | null => {
  const kinds: readonly UndecidedKind[] = ['error', 'no-data', 'inconclusive'];
  const found = kinds.find((kind) => checks.some(({ verdict }) => verdict === kind));
  if (found !== undefined) return found;
  return gates > 0 && !checks.some(({ verdict }) => verdict === 'pass') ? 'no-data' : null;
};

const ceilingCrossed = (
  { policy: { ceiling } }: RolloutRecord,
  { failures: { x, n } }: Look,
): string | null =>
  n >= ceiling.minSamples && x / n > ceiling.errorRate
    ? `emergency: ${x} of ${n} runs of the candidate failed`
    : null;

/** When the hold of the current step ends, ISO 8601 UTC. */
export const holdEnd = (record: RolloutRecord): string =>
  new Date(Date.parse(record.since) + currentStep(record).holdMs).toISOString();

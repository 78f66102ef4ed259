import type { EnvironmentState } from '../../core/environment/state.ts';
import type { Notice } from '../../core/notify/notice.ts';
import type { Look, TickDecision, TickOutcome } from '../../core/rollout/decide-tick.ts';
import type { GateCheck, RolloutRecord } from '../../core/rollout/record.ts';
import { noRatio, type SampleRatio } from '../../core/rollout/sample-ratio.ts';
import type { Warning } from '../types.ts';
import { type RolloutView, viewRollout } from './rollout-view.ts';

/** What one tick found and did. */
export interface RolloutTick {
  readonly prompt: string;
  readonly environment: string;
  readonly outcome: TickOutcome;
  /** Whether this tick changed anything; a repeated one says the same outcome again. */
  readonly changed: boolean;
  readonly why: string;
  /** After the tick. */
  readonly rollout: RolloutView;
  readonly checks: readonly GateCheck[];
  readonly ratio: SampleRatio;
  readonly nextAt: string | null;
  readonly warnings: readonly Warning[];
  readonly notices: readonly Notice[];
  readonly commit: string | null;
  readonly pushed: boolean;
  readonly pushCommand: string | null;
}

/** Before it is written and told. */
export type Undelivered = Omit<RolloutTick, 'commit' | 'pushed' | 'pushCommand' | 'notices'>;

/** What a tick decided about a rollout; `record` is as it stands after it. */
export const describeTick = (
  { prompt, environment }: EnvironmentState,
  {
    record,
    decision,
    look,
  }: { readonly record: RolloutRecord; readonly decision: TickDecision; readonly look: Look },
): Undelivered => ({
  prompt,
  environment,
  outcome: decision.outcome,
  changed: decision.action !== null,
  why: decision.why,
  rollout: viewRollout(record, { prompt, environment }),
  checks: look.checks,
  ratio: look.ratio,
  nextAt: decision.nextAt,
  warnings: [],
});

/** Of a rollout that ended before. */
export const endedTick = ({ prompt, environment }: EnvironmentState, record: RolloutRecord): Undelivered => {
  const outcome = record.state === 'succeeded' ? 'succeeded' : 'aborted';
  const ended = record.state === 'succeeded' ? 'has succeeded' : 'was aborted';
  const why = `the last rollout ${ended}: ${record.events.at(-1)?.reason ?? 'no reason was given'}`;
  const rollout = viewRollout(record, { prompt, environment });
  return {
    prompt,
    environment,
    outcome,
    changed: false,
    why,
    rollout,
    checks: [],
    ratio: noRatio,
    nextAt: null,
    warnings: [],
  };
};

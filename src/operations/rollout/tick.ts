import type { EnvironmentState } from '../../core/environment/state.ts';
import { type Notice, warnUndelivered } from '../../core/notify/notice.ts';
import {
  decideTick,
  type Look,
  type TickDecision,
  type TickOutcome,
} from '../../core/rollout/decide-tick.ts';
import { unaskedCheck } from '../../core/rollout/judge-query.ts';
import type { GateCheck, RolloutRecord } from '../../core/rollout/record.ts';
import { noRatio, type SampleRatio } from '../../core/rollout/sample-ratio.ts';
import { formatIdentity, readIdentity } from '../../git/identity.ts';
import { decideState, type StateOptions } from '../decide-state.ts';
import { environmentNamed, readEnvironment } from '../environments.ts';
import { assertReadyToCommit } from '../ready.ts';
import { openState, type StateStore } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { commitRollout, planChange } from './commit-rollout.ts';
import { findDrift } from './drift.ts';
import {
  countRunning,
  latestRollout,
  listOpenRollouts,
  type OpenRollout,
  rolloutNotFound,
} from './find-rollout.ts';
import { observeLog } from './log-gates.ts';
import { askQueryGates, type QueryLook, queryGatesOf, rolloutKey } from './query-gates.ts';
import { recordCheck } from './record-check.ts';
import { type RolloutView, viewRollout } from './rollout-view.ts';
import { tellRollout } from './tell.ts';

export interface RolloutTickRequest extends StateOptions {
  /** A name or path; absent: every rollout under way. */
  readonly name?: string;
  /** Needed with a name; absent: every environment. */
  readonly environment?: string;
}

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

export interface RolloutTickResult {
  readonly ticks: readonly RolloutTick[];
  /** Whether any of them is paused or aborted. */
  readonly halted: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Looks at a rollout, or at all that are under way, decides, and does at most one transition of each, in a commit of
 * its own. A rollout that ended is answered as it ended.
 * @throws ROLLOUT_NOT_FOUND, ENVIRONMENT_NOT_FOUND, STATE_INVALID, as `decideState`
 */
export const tickRollouts = async (
  workspace: Workspace,
  request: RolloutTickRequest,
): Promise<RolloutTickResult> => {
  await assertReadyToCommit(workspace, 'rollout');
  const ticks: RolloutTick[] = [];
  for (const place of await placesOf(workspace, request))
    ticks.push(await tickOne(workspace, place, request));
  return {
    ticks,
    halted: ticks.some(({ outcome }) => outcome === 'paused' || outcome === 'aborted'),
    dryRun: request.dryRun ?? false,
    warnings: ticks.flatMap((tick) => tick.warnings),
  };
};

interface Place {
  readonly prompt: string;
  readonly environment: string;
}

const placesOf = async (
  workspace: Workspace,
  { name, environment, branch }: RolloutTickRequest,
): Promise<readonly Place[]> => {
  const place = environment === undefined ? null : environmentNamed(workspace, environment).name;
  const prompt = name === undefined ? null : promptNameFrom(workspace, name);
  if (prompt !== null && place !== null) return [{ prompt, environment: place }];
  const open = await listOpenRollouts(openState(workspace, { branch }));
  return open
    .map(({ before }) => ({ prompt: before.prompt, environment: before.environment }))
    .filter(
      (each) => (place ?? each.environment) === each.environment && (prompt ?? each.prompt) === each.prompt,
    );
};

const tickOne = async (
  workspace: Workspace,
  { prompt, environment }: Place,
  options: StateOptions,
): Promise<RolloutTick> => {
  const asked = await askAhead(workspace, { prompt, environment }, options);
  const tick = await decideState(workspace, options, async (state) => {
    const before = await readEnvironment(state, environment, prompt);
    const record = before.rollout;
    if (record === undefined) return { result: endedTick(before), commit: null };
    const look = await takeLook(workspace, state, { before, record }, asked);
    const at = workspace.now().toISOString();
    const decision = decideTick(record, at, look);
    const { next, rollout } = await applyDecision(workspace, { before, record }, { decision, look, at });
    const isWritten = decision.action !== null && options.dryRun !== true;
    const result = describeTick(next, { record: rollout, decision, look });
    return { result, commit: isWritten ? await commitRollout(workspace, state, { next, rollout }) : null };
  });
  if (options.dryRun !== true && (tick.checks.length > 0 || tick.changed))
    await recordCheck(workspace, tick, asked?.errorsInARow ?? 0);
  const isTold = tick.changed && options.dryRun !== true;
  const notices = isTold ? await tellRollout(workspace, { prompt, environment, branch: options.branch }) : [];
  return { ...tick, notices, warnings: [...tick.warnings, ...warnUndelivered(notices)] };
};

/** Asks what only a server knows before the lock is taken: a rollback must not wait for it. */
const askAhead = async (
  workspace: Workspace,
  { prompt, environment }: Place,
  { branch }: StateOptions,
): Promise<QueryLook | null> => {
  const state = openState(workspace, { branch });
  const { rollout: record } = await readEnvironment(state, environment, prompt);
  return record === undefined ? null : askQueryGates(workspace, { prompt, environment, record });
};

/** Everything that a decision needs, read only as far as the rollout's state makes it matter. */
export const takeLook = async (
  workspace: Workspace,
  state: StateStore,
  { before, record }: OpenRollout,
  asked: QueryLook | null,
): Promise<Look> => {
  const drift = await findDrift(new Versions(workspace), state, { before, record });
  const { prompt, environment } = before;
  if (record.state === 'pending' || record.state === 'aborting') {
    const hasRoom = (await countRunning(state)) < workspace.config.rollouts.maxRunning;
    return { checks: [], failures: { x: 0, n: 0 }, ratio: noRatio, queryErrors: 0, drift, hasRoom };
  }
  const observed = await observeLog(workspace, { prompt, environment, record });
  const isSame = asked?.key === rolloutKey(record);
  const answered = isSame ? asked.checks : queryGatesOf(record).map(unaskedCheck);
  return {
    ...observed,
    checks: [...observed.checks, ...answered],
    queryErrors: isSame ? asked.errorsInARow : 0,
    drift,
    hasRoom: true,
  };
};

const applyDecision = async (
  workspace: Workspace,
  open: OpenRollout,
  { decision, look, at }: { readonly decision: TickDecision; readonly look: Look; readonly at: string },
): Promise<{ readonly next: EnvironmentState; readonly rollout: RolloutRecord }> => {
  const { action, pause, why } = decision;
  if (action === null) return { next: open.before, rollout: open.record };
  return planChange(workspace, open, {
    action,
    at,
    by: formatIdentity(await readIdentity(workspace.repository)),
    reason: why,
    checks: look.checks,
    ...(pause === null ? {} : { pause }),
    trigger: 'automatic',
  });
};

const describeTick = (
  { prompt, environment }: EnvironmentState,
  {
    record,
    decision,
    look,
  }: { readonly record: RolloutRecord; readonly decision: TickDecision; readonly look: Look },
): Omit<RolloutTick, 'commit' | 'pushed' | 'pushCommand' | 'notices'> => ({
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

/** @throws ROLLOUT_NOT_FOUND */
const endedTick = (
  before: EnvironmentState,
): Omit<RolloutTick, 'commit' | 'pushed' | 'pushCommand' | 'notices'> => {
  const record = latestRollout(before);
  if (record === null) throw rolloutNotFound(before);
  const { prompt, environment } = before;
  const outcome = record.state === 'succeeded' ? 'succeeded' : 'aborted';
  const why = `the last rollout has ${record.state}: ${record.events.at(-1)?.reason ?? 'no reason was given'}`;
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

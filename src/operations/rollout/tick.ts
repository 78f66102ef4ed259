import type { EnvironmentState } from '../../core/environment/state.ts';
import { warnUndelivered } from '../../core/notify/notice.ts';
import { decideTick, type Look, type TickDecision } from '../../core/rollout/decide-tick.ts';
import { isOpen, type RolloutRecord } from '../../core/rollout/record.ts';
import { isPromptvError, type PromptvError, promptvError } from '../../errors.ts';
import { formatIdentity, readIdentity } from '../../git/identity.ts';
import { type Decision, decideState, type StateOptions } from '../decide-state.ts';
import { environmentNamed, readEnvironment } from '../environments.ts';
import { assertReadyToCommit } from '../ready.ts';
import { wantsPush } from '../remote-view.ts';
import { behindWarning } from '../state-behind.ts';
import type { Publication } from '../state-publication.ts';
import { openState, type StateStore } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { commitRollout, planChange } from './commit-rollout.ts';
import { latestRollout, listOpenRollouts, type OpenRollout, rolloutNotFound } from './find-rollout.ts';
import { type LookAhead, lookAhead, takeLook } from './look.ts';
import { recordCheck } from './record-check.ts';
import { tellRollout } from './tell.ts';
import { describeTick, endedTick, type RolloutTick, type Undelivered } from './tick-result.ts';

export interface RolloutTickRequest extends StateOptions {
  /** A name or path; absent: every rollout under way. */
  readonly name?: string;
  /** Needed with a name; absent: every environment. */
  readonly environment?: string;
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
 * its own. A rollout that ended is answered as it ended. What cannot be ticked is thrown after all others are.
 * @throws ROLLOUT_NOT_FOUND, ENVIRONMENT_NOT_FOUND, STATE_INVALID, as `decideState`
 */
export const tickRollouts = async (
  workspace: Workspace,
  request: RolloutTickRequest,
): Promise<RolloutTickResult> => {
  await assertReadyToCommit(workspace, 'rollout');
  const ticks: RolloutTick[] = [];
  const failures: PromptvError[] = [];
  const { places, warnings } = await placesOf(workspace, request);
  // One that cannot be ticked must not keep another from going back.
  for (const place of places)
    try {
      ticks.push(await tickOne(workspace, place, request));
    } catch (error) {
      if (!isPromptvError(error)) throw error;
      failures.push(error);
    }
  if (failures.length > 0) throw joinFailures(failures, ticks);
  return {
    ticks,
    halted: ticks.some(({ outcome }) => outcome === 'paused' || outcome === 'aborted'),
    dryRun: request.dryRun ?? false,
    warnings: [...warnings, ...ticks.flatMap((tick) => tick.warnings)],
  };
};

/** The first failure, with what became of the others. */
const joinFailures = ([first, ...rest]: readonly PromptvError[], ticks: readonly RolloutTick[]): unknown => {
  if (!first || ticks.length + rest.length === 0) return first;
  const done = ticks.map(({ prompt, environment, outcome }) => `${prompt} in ${environment}: ${outcome}.`);
  const written = [...rest.map(({ message }) => message), ...done].join(' ');
  return promptvError(first.code, { ...first.details, written: `The other rollouts: ${written}` }, first);
};

interface Place {
  readonly prompt: string;
  readonly environment: string;
}

interface Places {
  readonly places: readonly Place[];
  readonly warnings: readonly Warning[];
}

const placesOf = async (workspace: Workspace, request: RolloutTickRequest): Promise<Places> => {
  const { name, environment } = request;
  const place = environment === undefined ? null : environmentNamed(workspace, environment).name;
  const prompt = name === undefined ? null : promptNameFrom(workspace, name);
  if (prompt !== null && place !== null) return { places: [{ prompt, environment: place }], warnings: [] };
  const { open, warnings } = await findOpen(workspace, request);
  const places = open
    .map(({ before }) => ({ prompt: before.prompt, environment: before.environment }))
    .filter(
      (each) => (place ?? each.environment) === each.environment && (prompt ?? each.prompt) === each.prompt,
    );
  return { places, warnings };
};

/**
 * With a push the remote is asked first: another clone may have begun a rollout, and a run that was killed between
 * commit and push may have ended one, of which nothing is left to tick here.
 */
const findOpen = async (
  workspace: Workspace,
  options: StateOptions,
): Promise<{ readonly open: readonly OpenRollout[]; readonly warnings: readonly Warning[] }> => {
  if (options.dryRun === true || !wantsPush(workspace, options))
    return { open: await listOpenRollouts(openState(workspace, { branch: options.branch })), warnings: [] };
  const { open, pushed } = await decideState(workspace, options, async (own, publication) => {
    const state = (await publication?.ahead()) ?? own;
    return { result: { open: await listOpenRollouts(state), warnings: [] }, commit: null };
  });
  return { open, warnings: pushed ? [pushedLate] : [] };
};

const pushedLate: Warning = {
  code: 'PUSHED_LATE',
  message: 'Pushed what an earlier run had committed and not pushed.',
};

const tickOne = async (
  workspace: Workspace,
  { prompt, environment }: Place,
  options: StateOptions,
): Promise<RolloutTick> => {
  const ahead = await lookFirst(workspace, { prompt, environment }, options);
  const tick = await decideState(workspace, options, (state, publication) =>
    decideOne(workspace, { state, publication }, { prompt, environment, ahead, options }),
  );
  if (options.dryRun !== true && (tick.checks.length > 0 || tick.changed))
    await recordCheck(workspace, tick, ahead?.asked.errorsInARow ?? 0);
  const isTold = tick.changed && options.dryRun !== true;
  const notices = isTold ? await tellRollout(workspace, { prompt, environment, branch: options.branch }) : [];
  return { ...tick, notices, warnings: [...tick.warnings, ...warnUndelivered(notices)] };
};

const lookFirst = async (
  workspace: Workspace,
  { prompt, environment }: Place,
  { branch }: StateOptions,
): Promise<LookAhead | null> => {
  const state = openState(workspace, { branch });
  const { rollout: record } = await readEnvironment(state, environment, prompt);
  return record === undefined ? null : lookAhead(workspace, { prompt, environment, record });
};

interface OneTick extends Place {
  readonly ahead: LookAhead | null;
  readonly options: StateOptions;
}

/**
 * Where the checked-out branch is behind its remote, the tick looks at what the remote has: it says what another clone
 * did, and does nothing that could not be pushed.
 * @throws ROLLOUT_BEHIND, ROLLOUT_NOT_FOUND
 */
const decideOne = async (
  workspace: Workspace,
  { state: own, publication }: { readonly state: StateStore; readonly publication: Publication | null },
  { prompt, environment, ahead, options }: OneTick,
): Promise<Decision<Undelivered>> => {
  const theirs = (await publication?.ahead()) ?? null;
  const state = theirs ?? own;
  const warnings = theirs === null ? [] : await behindWarning(workspace, own);
  const before = await readEnvironment(state, environment, prompt);
  const record = latestRollout(before);
  if (record === null) throw await rolloutNotFound(workspace, before);
  if (!isOpen(record)) return { result: { ...endedTick(before, record), warnings }, commit: null };
  const look = await takeLook(workspace, state, { before, record }, ahead);
  const at = workspace.now().toISOString();
  const decision = decideTick(record, at, look);
  const isWritten = decision.action !== null && options.dryRun !== true;
  if (isWritten && theirs !== null) throw promptvError('ROLLOUT_BEHIND', { name: prompt, environment });
  const { next, rollout } = await applyDecision(workspace, { before, record }, { decision, look, at });
  const result = { ...describeTick(next, { record: rollout, decision, look }), warnings };
  const commit = isWritten ? await commitRollout(workspace, state, { next, rollout }) : null;
  return { result, commit, isRepeatable: true };
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

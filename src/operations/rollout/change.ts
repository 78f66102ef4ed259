import { currentDeployment } from '../../core/environment/history.ts';
import { type CompleteDeployment, completeDeployment } from '../../core/environment/state.ts';
import { type Notice, warnUndelivered } from '../../core/notify/notice.ts';
import type { RolloutVerb } from '../../core/rollout/machine.ts';
import { isOpen, type RolloutRecord } from '../../core/rollout/record.ts';
import { parseMessage } from '../../core/version/user-message.ts';
import { promptvError } from '../../errors.ts';
import { formatIdentity, readIdentity } from '../../git/identity.ts';
import { readStages } from '../approval-stages.ts';
import { type Decided, decideState, type StateOptions } from '../decide-state.ts';
import { environmentNamed, readEnvironment } from '../environments.ts';
import { judgePromotion } from '../promotion-gates.ts';
import { assertReadyToCommit } from '../ready.ts';
import type { StateStore } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { type ChangedRollout, commitRollout, planChange } from './commit-rollout.ts';
import { findDrift } from './drift.ts';
import { latestRollout, type OpenRollout, rolloutNotFound, rolloutRefusal } from './find-rollout.ts';
import { type RolloutView, viewRollout } from './rollout-view.ts';
import { tellRollout } from './tell.ts';

export interface RolloutChangeRequest extends StateOptions {
  readonly name: string;
  readonly environment: string;
  readonly verb: RolloutVerb;
  readonly reason?: string;
  /** Only of `set-weight`: per cent. */
  readonly weight?: number;
  /** Takes a weight that moves units back or passes a step over. */
  readonly force?: boolean;
  /** Of an abort: nothing is read but the state. */
  readonly emergency?: boolean;
}

export interface RolloutChangeResult {
  readonly prompt: string;
  readonly environment: string;
  readonly verb: RolloutVerb;
  /** After the change. */
  readonly rollout: RolloutView;
  /** True when a repetition found it done. */
  readonly unchanged: boolean;
  /** What ended the rollout; null while it goes on. */
  readonly deployment: CompleteDeployment | null;
  readonly notices: readonly Notice[];
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Does to a rollout what a person asks, in one commit.
 * @throws ROLLOUT_NOT_FOUND, ROLLOUT_STATE, ROLLOUT_DRIFTED, WEIGHT_REFUSED, RETRY_REFUSED, ROLLOUT_BEHIND, ENVIRONMENT_NOT_FOUND
 */
export const applyRolloutVerb = async (
  workspace: Workspace,
  request: RolloutChangeRequest,
): Promise<Decided<RolloutChangeResult>> => {
  await assertReadyToCommit(workspace, 'rollout');
  const { name: environment } = environmentNamed(workspace, request.environment);
  const prompt = promptNameFrom(workspace, request.name);
  parseMessage(request.reason ?? '', 'reason');
  let isRetry = false;
  const decided = await decideState(workspace, request, async (state, publication) => {
    if (isRetry && (await publication?.ahead()))
      throw promptvError('ROLLOUT_BEHIND', { name: prompt, environment });
    isRetry = true;
    const before = await readEnvironment(state, environment, prompt);
    const record = latestRollout(before);
    if (record === null) throw await rolloutNotFound(workspace, before);
    const base = { prompt, environment, verb: request.verb, dryRun: request.dryRun ?? false, warnings: [] };
    // What was deployed after it has taken the place of a rollout that ended.
    if (!isOpen(record) && before.deployments.at(-1)?.rollout !== record)
      throw rolloutRefusal(before, record, request.verb);
    const unchanged = isDone(record, request);
    const changed = unchanged
      ? { next: before, rollout: record }
      : await plan(workspace, state, { open: { before, record }, request });
    const ended = isOpen(changed.rollout) ? null : currentDeployment(changed.next);
    const deployment = ended && completeDeployment(ended);
    const rollout = viewRollout(changed.rollout, { prompt, environment });
    const commit = unchanged || request.dryRun ? null : await commitRollout(workspace, state, changed);
    // The way back stands where it was made, also when the remote refuses it.
    const isRepeatable = request.verb !== 'abort';
    return { result: { ...base, rollout, unchanged, deployment }, commit, isRepeatable };
  });
  const { branch } = request;
  const notices =
    decided.commit === null ? [] : await tellRollout(workspace, { prompt, environment, branch });
  return { ...decided, notices, warnings: [...decided.warnings, ...warnUndelivered(notices)] };
};

/** Whether a repetition, such as after a refused push, finds it done. */
const isDone = ({ state, pause, weight }: RolloutRecord, request: RolloutChangeRequest): boolean => {
  const isRunning = state === 'running' || state === 'promoting';
  switch (request.verb) {
    case 'abort':
      return state === 'aborted';
    case 'promote-full':
      return state === 'succeeded';
    case 'pause':
      return pause?.reason === 'manual';
    case 'resume':
      return isRunning;
    case 'set-weight':
      return (isRunning || state === 'paused') && weight === request.weight;
    default:
      return false;
  }
};

interface Planning {
  readonly open: OpenRollout;
  readonly request: RolloutChangeRequest;
}

const plan = async (
  workspace: Workspace,
  state: StateStore,
  { open, request }: Planning,
): Promise<ChangedRollout> => {
  const { verb, reason, emergency = false } = request;
  const changed = planChange(workspace, open, {
    action: verb,
    at: workspace.now().toISOString(),
    by: formatIdentity(await readIdentity(workspace.repository)),
    reason: reason ?? null,
    trigger: emergency ? 'emergency' : 'manual',
    ...(verb === 'set-weight' ? { weight: allowedWeight(open.record, request) } : {}),
  });
  // The way back needs nothing but the state.
  if (verb !== 'abort' && verb !== 'pause') await assertUndrifted(workspace, state, open);
  if (verb === 'retry') await assertPromotable(workspace, state, open);
  return changed;
};

const assertUndrifted = async (workspace: Workspace, state: StateStore, open: OpenRollout): Promise<void> => {
  const reason = await findDrift(new Versions(workspace), state, open);
  const { prompt, environment } = open.before;
  if (reason !== null) throw promptvError('ROLLOUT_DRIFTED', { name: prompt, environment, reason });
};

/** A freeze or a withdrawn approval came after the first attempt: what begins anew is judged anew. @throws RETRY_REFUSED */
const assertPromotable = async (
  workspace: Workspace,
  state: StateStore,
  { before, record }: OpenRollout,
): Promise<void> => {
  const { prompt, environment } = before;
  const version = await new Versions(workspace).get(prompt, record.candidate.version);
  const gates = await judgePromotion(workspace, state, {
    before,
    version,
    stages: await readStages(workspace, state, {
      environment: environmentNamed(workspace, environment),
      version,
    }),
    deployer: (await readIdentity(workspace.repository)).email,
    at: workspace.now().toISOString(),
  });
  const failed = gates.filter(({ verdict }) => verdict === 'fail');
  if (failed.length === 0) return;
  throw promptvError('RETRY_REFUSED', {
    ...{ name: prompt, environment, version: record.candidate.version },
    reason: failed.map(({ name, detail }) => `${name}: ${detail}`).join('; '),
    satisfy: failed.flatMap(({ satisfy }) => satisfy),
  });
};

/** @throws WEIGHT_REFUSED for a weight that moves units back or passes a step over, without `force` */
const allowedWeight = (
  { weight: low, steps, step }: RolloutRecord,
  { weight = low, force = false }: RolloutChangeRequest,
): number => {
  const high = steps.find((each, index) => index > step && each.weight > low)?.weight ?? low;
  if (force || (weight >= low && weight < high)) return weight;
  throw promptvError('WEIGHT_REFUSED', { weight, low, high });
};

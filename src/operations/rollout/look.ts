import type { Look } from '../../core/rollout/decide-tick.ts';
import { unaskedCheck } from '../../core/rollout/judge-query.ts';
import type { RolloutRecord } from '../../core/rollout/record.ts';
import { noRatio } from '../../core/rollout/sample-ratio.ts';
import type { StateStore } from '../state-store.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { findDrift } from './drift.ts';
import { countRunning, type OpenRollout, type PlacedRollout } from './find-rollout.ts';
import { type Observed, observeLog } from './log-gates.ts';
import { askQueryGates, type QueryLook, queryGatesOf, rolloutKey } from './query-gates.ts';

/** What takes long to know, of a rollout as it was then. */
export interface LookAhead {
  readonly asked: QueryLook;
  /** Null of a rollout that is not judged. */
  readonly observed: Observed | null;
}

/** Asks the server and reads the log before the lock is taken: a rollback must not wait for either. */
export const lookAhead = async (workspace: Workspace, rollout: PlacedRollout): Promise<LookAhead> => ({
  asked: await askQueryGates(workspace, rollout),
  observed: isJudged(rollout.record) ? await observeLog(workspace, rollout) : null,
});

const isJudged = ({ state }: RolloutRecord): boolean => state !== 'pending' && state !== 'aborting';

/** Everything that a decision needs; what was looked at ahead counts while nothing has happened to the rollout since. */
export const takeLook = async (
  workspace: Workspace,
  state: StateStore,
  { before, record }: OpenRollout,
  ahead: LookAhead | null,
): Promise<Look> => {
  const drift = await findDrift(new Versions(workspace), state, { before, record });
  const { prompt, environment } = before;
  if (!isJudged(record)) {
    const hasRoom = (await countRunning(state)) < workspace.config.rollouts.maxRunning;
    return { checks: [], failures: { x: 0, n: 0 }, ratio: noRatio, queryErrors: 0, drift, hasRoom };
  }
  const known = ahead?.asked.key === rolloutKey(record) ? ahead : null;
  const observed = known?.observed ?? (await observeLog(workspace, { prompt, environment, record }));
  const answered = known?.asked.checks ?? queryGatesOf(record).map(unaskedCheck);
  return {
    ...observed,
    checks: [...observed.checks, ...answered],
    queryErrors: known?.asked.errorsInARow ?? 0,
    drift,
    hasRoom: true,
  };
};

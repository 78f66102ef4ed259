import type { Look } from '../../core/rollout/decide-tick.ts';
import { unaskedCheck } from '../../core/rollout/judge-query.ts';
import { noRatio } from '../../core/rollout/sample-ratio.ts';
import type { StateStore } from '../state-store.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { findDrift } from './drift.ts';
import { countRunning, type OpenRollout } from './find-rollout.ts';
import { observeLog } from './log-gates.ts';
import { type QueryLook, queryGatesOf, rolloutKey } from './query-gates.ts';

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

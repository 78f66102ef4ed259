import { completeRecord, storeRecords } from '../metrics/store-records.ts';
import type { Workspace } from '../workspace.ts';
import { queryErrorsMetric } from './query-gates.ts';
import type { RolloutTick } from './tick-result.ts';

/**
 * Writes what a tick looked at to the metrics log, as a record of the prompt without version and status, so that it
 * counts for no version.
 */
export const recordCheck = async (
  workspace: Workspace,
  tick: Omit<RolloutTick, 'notices'>,
  queryErrors: number,
): Promise<void> => {
  const { prompt, environment, rollout, outcome, why, checks } = tick;
  const { id, attempt, step, weight, stable, candidate, state } = rollout;
  const record = completeRecord(
    workspace,
    {
      prompt,
      environment,
      experiment: `rollout:${id}`,
      metrics: { rollout_weight: weight, [queryErrorsMetric]: queryErrors },
      meta: { rollout: id, attempt, step, state, outcome, why, stable, candidate, checks },
    },
    1,
  );
  await storeRecords(workspace, [record], {});
};

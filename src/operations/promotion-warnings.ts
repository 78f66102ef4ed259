import { findRunning } from './abtest/assert-free.ts';
import type { PlannedPromotion } from './promotion-plan.ts';
import type { StateStore } from './state-store.ts';
import type { Warning } from './types.ts';
import type { Workspace } from './workspace.ts';

/** One warning for every running experiment whose units all get what is promoted now. */
export const warnDisplaced = async (
  workspace: Workspace,
  state: StateStore,
  plans: readonly PlannedPromotion[],
): Promise<Warning[]> => {
  const warnings: Warning[] = [];
  for (const { promotion } of plans) {
    const { prompt, environment, version, unchanged, deployment } = promotion;
    if (unchanged || deployment === null) continue;
    const id = await findRunning(workspace, state, { prompt, environment });
    if (id !== null)
      warnings.push({
        code: 'EXPERIMENT_DISPLACED',
        message: `The experiment ${id} runs in ${environment}: from now on everyone gets ${prompt}@${version}, and nobody is enrolled. Stop it with "promptv abtest stop ${id}".`,
      });
  }
  return warnings;
};

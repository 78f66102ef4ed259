import { promptvError } from '../../errors.ts';
import { findRunning } from '../abtest/assert-free.ts';
import type { PromoteRequest } from '../promote.ts';
import type { PlannedPromotion } from '../promotion-plan.ts';
import type { StateStore } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { viewRollout } from './rollout-view.ts';
import { readSamplesNeeded } from './samples.ts';
import { planStrategy, startRollout } from './start.ts';

interface BeginRequest {
  readonly plans: readonly PlannedPromotion[];
  readonly request: PromoteRequest;
  readonly strategy: string;
}

/**
 * Turns promotions that their gates let through into rollouts. Where nothing runs yet there is nothing to compare with:
 * the environment's own strategy then means at once, one that was asked for is refused.
 * @throws ROLLOUT_NEEDS_STABLE, STRATEGY_UNKNOWN, GATE_INVALID, STEPS_INVALID, VERSION_CHANGED
 */
export const beginRollouts = async (
  workspace: Workspace,
  state: StateStore,
  { plans, request, strategy }: BeginRequest,
): Promise<{ readonly plans: readonly PlannedPromotion[]; readonly warnings: readonly Warning[] }> => {
  planStrategy(workspace, strategy, request.rollout ?? {});
  const warnings: Warning[] = [];
  const begun: PlannedPromotion[] = [];
  for (const plan of plans) {
    const { promotion } = plan;
    const isFirst = promotion.previousVersion === null;
    if (promotion.unchanged || promotion.deployment === null) begun.push(plan);
    else if (!isFirst)
      begun.push(await begin(workspace, state, { plan, request, strategy, others: countBegun(begun) }));
    else if (request.strategy === undefined) {
      warnings.push(firstWarning(promotion));
      begun.push(plan);
    } else
      throw promptvError('ROLLOUT_NEEDS_STABLE', {
        name: promotion.prompt,
        environment: promotion.environment,
      });
  }
  return { plans: begun, warnings };
};

const countBegun = (plans: readonly PlannedPromotion[]): number =>
  plans.filter(({ promotion }) => !promotion.unchanged && promotion.rollout !== null).length;

const firstWarning = ({ prompt, environment }: PlannedPromotion['promotion']): Warning => ({
  code: 'ROLLOUT_FIRST',
  message: `${prompt} is promoted at once: nothing runs in ${environment} yet that it could be compared with.`,
});

const begin = async (
  workspace: Workspace,
  state: StateStore,
  {
    plan,
    request,
    strategy,
    others,
  }: Omit<BeginRequest, 'plans'> & { readonly plan: PlannedPromotion; readonly others: number },
): Promise<PlannedPromotion> => {
  const { before, version, promotion } = plan;
  const { deployment, prompt, environment } = promotion;
  if (deployment === null) return plan;
  const test = await findRunning(workspace, state, { prompt, environment });
  if (test !== null)
    throw promptvError('EXPERIMENT_CONFLICT', {
      ...{ environment, prompt, other: `the experiment ${test}`, command: `promptv abtest stop ${test}` },
    });
  const start = { strategy, settings: request.rollout ?? {}, before, candidate: version, deployment };
  const versions = new Versions(workspace);
  const record = await startRollout(workspace, state, { versions, start, others });
  const samples = await readSamplesNeeded(workspace, { ...before, record });
  const rollout = viewRollout(record, before);
  return {
    ...plan,
    next: { ...before, rollout: record },
    promotion: { ...promotion, deployment: null, rollout, samples },
  };
};

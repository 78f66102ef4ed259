import type { Gate } from '../core/environment/gates.ts';
import { type CompleteDeployment, formatEnvironmentState } from '../core/environment/state.ts';
import type { RolloutSettings } from '../core/rollout/plan-rollout.ts';
import type { SamplesNeeded } from '../core/rollout/samples-needed.ts';
import { parseMessage } from '../core/version/user-message.ts';
import { formatIdentity, readIdentity } from '../git/identity.ts';
import { type Decided, decideState, type StateOptions } from './decide-state.ts';
import { deploymentMessage, rolloutMessage } from './deployment-message.ts';
import { environmentNamed, environmentPath } from './environments.ts';
import { type PlannedPromotion, planPromotions, strategyOf } from './promotion-plan.ts';
import { warnDisplaced } from './promotion-warnings.ts';
import { assertReadyToCommit } from './ready.ts';
import type { RolloutView } from './rollout/rollout-view.ts';
import type { OperationOptions, Warning } from './types.ts';
import type { Workspace } from './workspace.ts';

export interface PromoteRequest extends OperationOptions, StateOptions {
  /** References to saved versions; without a selector the latest. */
  readonly refs: readonly string[];
  readonly environment: string;
  readonly reason?: string;
  /** How it is delivered; the environment's own when absent. */
  readonly strategy?: string;
  /** What a gradual strategy is told beside its preset. */
  readonly rollout?: RolloutSettings;
}

/** What became of one version. */
export interface Promotion {
  readonly prompt: string;
  readonly environment: string;
  readonly version: string;
  readonly previousVersion: string | null;
  /** True when it ran there already. */
  readonly unchanged: boolean;
  /** Null when refused, or when a rollout began instead; in a dry run as it would be. */
  readonly deployment: CompleteDeployment | null;
  /** The rollout that began, or that is under way already; null for a promotion at once. */
  readonly rollout: RolloutView | null;
  /** How many samples of the candidate each gate of the rollout needs. */
  readonly samples: readonly SamplesNeeded[];
  readonly gates: readonly Gate[];
}

export interface PromoteResult {
  readonly promotions: readonly Promotion[];
  /** True when a gate said no to any of them: then nothing was written. */
  readonly refused: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Checks an environment's gates for one or several versions and moves their pointers in one commit, all or none. A
 * version that runs there already is left as it is. With another strategy than `immediate` a rollout begins instead.
 * @throws ENVIRONMENT_NOT_FOUND, STRATEGY_UNKNOWN, ROLLOUT_RUNNING, ROLLOUT_NEEDS_STABLE, VERSION_CHANGED, STATE_INVALID, as `resolveSavedVersion`
 */
export const promote = async (
  workspace: Workspace,
  request: PromoteRequest,
): Promise<Decided<PromoteResult>> => {
  await assertReadyToCommit(workspace, 'promote');
  const environment = environmentNamed(workspace, request.environment);
  const strategy = strategyOf(request, environment);
  parseMessage(request.reason ?? '', 'reason');
  return decideState(workspace, request, async (state) => {
    const deployer = await readIdentity(workspace.repository);
    const planned = await planPromotions(workspace, state, { request, deployer });
    const { plans, warnings } =
      strategy === 'immediate'
        ? { plans: planned, warnings: await warnDisplaced(workspace, state, planned) }
        : await (await import('./rollout/begin.ts')).beginRollouts(workspace, state, {
            plans: planned,
            request,
            strategy,
          });
    const promotions = plans.map(({ promotion }) => promotion);
    const refused = promotions.some(({ gates }) => gates.some(({ verdict }) => verdict === 'fail'));
    const result: PromoteResult = { promotions, refused, dryRun: request.dryRun ?? false, warnings };
    const changed = plans.filter(({ promotion }) => !promotion.unchanged);
    if (refused || request.dryRun || changed.length === 0) return { result, commit: null };
    const commit = await state.commit({
      files: changed.map(({ next, promotion }) => ({
        path: environmentPath(environment.name, promotion.prompt),
        text: formatEnvironmentState(next),
      })),
      message: messageOf(changed, request),
      sign: environment.signed ? formatIdentity(deployer) : null,
    });
    return { result, commit };
  });
};

const messageOf = (
  changed: readonly PlannedPromotion[],
  { reason = null }: { reason?: string | null },
): string =>
  changed.some(({ promotion }) => promotion.rollout !== null)
    ? rolloutMessage(
        changed.map(({ next }) => next),
        reason,
      )
    : deploymentMessage(
        changed.map(({ next }) => next),
        reason,
      );

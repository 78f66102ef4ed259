import type { Gate } from '../core/environment/gates.ts';
import {
  addDeployment,
  type Deployment,
  type EnvironmentState,
  formatEnvironmentState,
} from '../core/environment/state.ts';
import type { RolloutSettings } from '../core/rollout/plan-rollout.ts';
import type { SamplesNeeded } from '../core/rollout/samples-needed.ts';
import { parseReference } from '../core/version/reference.ts';
import { parseMessage } from '../core/version/user-message.ts';
import { promptvError } from '../errors.ts';
import { formatIdentity, type Identity, readIdentity } from '../git/identity.ts';
import { type Decided, decideState, type StateOptions } from './decide-state.ts';
import { deploymentMessage, rolloutMessage } from './deployment-message.ts';
import { environmentNamed, environmentPath, readEnvironment } from './environments.ts';
import { judgePromotion } from './promotion-gates.ts';
import { warnDisplaced } from './promotion-warnings.ts';
import { assertReadyToCommit } from './ready.ts';
import { resolveSavedVersion } from './resolve-ref.ts';
import { type RolloutView, viewRollout } from './rollout/rollout-view.ts';
import type { StateStore } from './state-store.ts';
import type { OperationOptions, Warning } from './types.ts';
import { type Version, Versions } from './versions.ts';
import { promptNameFrom, type Workspace } from './workspace.ts';

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
  readonly deployment: Deployment | null;
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
  parseMessage(request.reason ?? '');
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

export interface PlannedPromotion {
  readonly before: EnvironmentState;
  readonly version: Version;
  readonly next: EnvironmentState;
  readonly promotion: Promotion;
}

interface Planning {
  readonly request: PromoteRequest;
  readonly deployer: Identity;
}

/** Resolves references and asks the environment's gates for each; writes nothing. */
export const planPromotions = async (
  workspace: Workspace,
  state: StateStore,
  planning: Planning,
): Promise<PlannedPromotion[]> => {
  const versions = new Versions(workspace);
  const plans = new Map<string, PlannedPromotion>();
  const { refs } = planning.request;
  // One process lists the tags of all; a single version is found without a list.
  if (refs.length > 1)
    await versions.list(refs.map((ref) => promptNameFrom(workspace, parseReference(ref).name)));
  for (const ref of refs) {
    const version = await resolveSavedVersion(workspace, versions, { ref, state });
    const known = plans.get(version.name)?.promotion.version ?? version.version;
    if (known !== version.version)
      throw promptvError('REF_INVALID', { ref, reason: `${version.name} is named with two versions` });
    // Reading the text checks its content hash against what was saved.
    await versions.textOf(version);
    plans.set(version.name, await planPromotion(workspace, state, { ...planning, version }));
  }
  return [...plans.values()];
};

const planPromotion = async (
  workspace: Workspace,
  state: StateStore,
  { request, deployer, version }: Planning & { readonly version: Version },
): Promise<PlannedPromotion> => {
  const environment = environmentNamed(workspace, request.environment);
  const before = await readEnvironment(state, environment.name, version.name);
  const { name: prompt, version: number, contentHash } = version;
  const previousVersion = before.current;
  const base = { prompt, environment: environment.name, version: number, previousVersion };
  const known = planKnown(before, version, { base, strategy: strategyOf(request, environment) });
  if (known) return known;
  const at = workspace.now().toISOString();
  const { gates, stages } = await judgePromotion(workspace, state, {
    ...{ before, version, at },
    deployer: deployer.email,
  });
  const next = addDeployment(before, {
    action: 'promote',
    version: number,
    previousVersion,
    contentHash,
    at,
    by: formatIdentity(deployer),
    reason: request.reason ?? null,
    approvals: stages.flatMap(({ stage, approvals }) =>
      approvals.flatMap(({ by, at: when, counts, decision }) =>
        counts && decision === 'approve' ? [{ stage, by, at: when }] : [],
      ),
    ),
    ci: workspace.ci && { provider: workspace.ci.provider, run: workspace.ci.run, url: workspace.ci.url },
  });
  const isRefused = gates.some(({ verdict }) => verdict === 'fail');
  const deployment = isRefused ? null : (next.deployments.at(-1) ?? null);
  return {
    before,
    version,
    next,
    promotion: { ...base, unchanged: false, deployment, rollout: null, samples: [], gates },
  };
};

interface KnownPromotion {
  readonly base: Pick<Promotion, 'prompt' | 'environment' | 'version' | 'previousVersion'>;
  readonly strategy: string;
}

/** A version that runs there already, or whose rollout is under way; null for a new one. @throws VERSION_CHANGED, ROLLOUT_RUNNING */
const planKnown = (
  before: EnvironmentState,
  version: Version,
  { base, strategy }: KnownPromotion,
): PlannedPromotion | null => {
  const { prompt: name, environment } = base;
  const running = before.deployments.at(-1) ?? null;
  const unchanged = { ...base, unchanged: true, samples: [], gates: [] };
  if (running?.version === version.version) {
    if (running.contentHash === version.contentHash)
      return {
        before,
        version,
        next: before,
        promotion: { ...unchanged, deployment: running, rollout: null },
      };
    const reason = `${environment} runs other content of this number`;
    throw promptvError('VERSION_CHANGED', { name, version: version.version, reason });
  }
  const { rollout } = before;
  if (rollout === undefined) return null;
  const { candidate, state, weight } = rollout;
  if (candidate.version !== version.version || strategy === 'immediate')
    throw promptvError('ROLLOUT_RUNNING', { name, environment, candidate: candidate.version, state, weight });
  const view = viewRollout(rollout, before);
  return { before, version, next: before, promotion: { ...unchanged, deployment: null, rollout: view } };
};

const strategyOf = ({ strategy }: PromoteRequest, environment: { readonly strategy: string }): string =>
  strategy ?? environment.strategy;

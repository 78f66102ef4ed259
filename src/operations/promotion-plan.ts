import type { StageStatus } from '../core/approval/stage.ts';
import { addDeployment, completeDeployment, type EnvironmentState } from '../core/environment/state.ts';
import { parseReference } from '../core/version/reference.ts';
import { promptvError } from '../errors.ts';
import { formatIdentity, type Identity } from '../git/identity.ts';
import { readStagesOfAll } from './approval-stages.ts';
import { environmentNamed, readEnvironment } from './environments.ts';
import type { PromoteRequest, Promotion } from './promote.ts';
import { judgePromotion } from './promotion-gates.ts';
import { resolveSavedVersion } from './resolve-ref.ts';
import { viewRollout } from './rollout/rollout-view.ts';
import type { StateStore } from './state-store.ts';
import { type Version, Versions } from './versions.ts';
import { promptNameFrom, type Workspace } from './workspace.ts';

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
  const chosen = await chooseVersions(workspace, state, planning.request);
  const targets: Target[] = [];
  for (const version of chosen) targets.push(await readTarget(workspace, state, { ...planning, version }));
  const open = targets.filter(({ known }) => known === null);
  const environment = environmentNamed(workspace, planning.request.environment);
  const about = { environment, versions: open.map(({ version }) => version) };
  const stages = await readStagesOfAll(workspace, state, about);
  const planOne = (target: Target): Promise<PlannedPromotion> =>
    planNew(workspace, state, { ...planning, target, stages: stages.get(target.version) ?? [] });
  const plans: PlannedPromotion[] = [];
  for (const target of targets) plans.push(target.known ?? (await planOne(target)));
  return plans;
};

/** The version that each reference names, once. @throws REF_INVALID, VERSION_CHANGED, as `resolveSavedVersion` */
const chooseVersions = async (
  workspace: Workspace,
  state: StateStore,
  { refs }: PromoteRequest,
): Promise<readonly Version[]> => {
  const versions = new Versions(workspace);
  const chosen = new Map<string, Version>();
  // One process lists the tags of all; a single version is found without a list.
  if (refs.length > 1)
    await versions.list(refs.map((ref) => promptNameFrom(workspace, parseReference(ref).name)));
  for (const ref of refs) {
    const version = await resolveSavedVersion(workspace, versions, { ref, state });
    const known = chosen.get(version.name)?.version ?? version.version;
    if (known !== version.version)
      throw promptvError('REF_INVALID', { ref, reason: `${version.name} is named with two versions` });
    // Reading the text checks its content hash against what was saved.
    await versions.textOf(version);
    chosen.set(version.name, version);
  }
  return [...chosen.values()];
};

/** One version and where it stands before. */
interface Target {
  readonly version: Version;
  readonly before: EnvironmentState;
  readonly base: Pick<Promotion, 'prompt' | 'environment' | 'version' | 'previousVersion'>;
  /** The plan where nothing is left to decide. */
  readonly known: PlannedPromotion | null;
}

const readTarget = async (
  workspace: Workspace,
  state: StateStore,
  { request, version }: Planning & { readonly version: Version },
): Promise<Target> => {
  const environment = environmentNamed(workspace, request.environment);
  const before = await readEnvironment(state, environment.name, version.name);
  const { name: prompt, version: number } = version;
  const base = { prompt, environment: environment.name, version: number, previousVersion: before.current };
  const known = planKnown(before, version, { base, strategy: strategyOf(request, environment) });
  return { version, before, base, known };
};

const planNew = async (
  workspace: Workspace,
  state: StateStore,
  {
    target: { before, version, base },
    request,
    deployer,
    stages,
  }: Planning & { readonly target: Target; readonly stages: readonly StageStatus[] },
): Promise<PlannedPromotion> => {
  const at = workspace.now().toISOString();
  const judged = { before, version, stages, at, deployer: deployer.email };
  const gates = await judgePromotion(workspace, state, judged);
  const next = addDeployment(before, {
    action: 'promote',
    version: version.version,
    previousVersion: before.current,
    contentHash: version.contentHash,
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
  const last = next.deployments.at(-1);
  const deployment = isRefused || !last ? null : completeDeployment(last);
  return {
    ...{ before, version, next },
    promotion: { ...base, unchanged: false, deployment, rollout: null, samples: [], gates },
  };
};

interface KnownPromotion {
  readonly base: Target['base'];
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
        promotion: { ...unchanged, deployment: completeDeployment(running), rollout: null },
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

/** How versions are delivered there: as asked, else as the environment has it. */
export const strategyOf = (
  { strategy }: PromoteRequest,
  environment: { readonly strategy: string },
): string => strategy ?? environment.strategy;

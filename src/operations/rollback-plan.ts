import type { EnvironmentConfig } from '../core/config/schema.ts';
import { evaluateGates, type Gate } from '../core/environment/gates.ts';
import { chooseRollback } from '../core/environment/rollback.ts';
import {
  addDeployment,
  completeDeployment,
  type Deployment,
  type EnvironmentState,
} from '../core/environment/state.ts';
import type { Mark } from '../core/environment/status.ts';
import { strongestImpact } from '../core/impact/grade.ts';
import type { RolloutRecord } from '../core/rollout/record.ts';
import { parseVersion } from '../core/version/version.ts';
import { promptvError } from '../errors.ts';
import { readStages } from './approval-stages.ts';
import { environmentPath, readEnvironment, readEnvironmentStates } from './environments.ts';
import { readMarks } from './marks.ts';
import { requiredChecks } from './required-checks.ts';
import type { Rollback, RollbackRequest, RollbackResult } from './rollback.ts';
import { changesFor, readTarget } from './rollback-target.ts';
import { planChange } from './rollout/commit-rollout.ts';
import type { Publication } from './state-publication.ts';
import type { StateStore } from './state-store.ts';
import { type Version, Versions } from './versions.ts';
import { promptNameFrom, type Workspace } from './workspace.ts';

export interface RollbackPlanning {
  /** `toTime` in UTC. */
  readonly request: Omit<RollbackRequest, 'toTime'> & { readonly toTime: string | undefined };
  readonly environment: EnvironmentConfig;
  /** `Name <mail>` of who acts. */
  readonly identity: string;
  readonly trigger: RollbackResult['trigger'];
  /** What the remote has; null when nothing is pushed. */
  readonly publication: Publication | null;
}

export interface PlannedRollback {
  readonly next: EnvironmentState;
  readonly rollback: Rollback;
}

/** Plans every prompt of a rollback; the first that cannot go back refuses all. @throws as `rollback` */
export const planRollbacks = async (
  workspace: Workspace,
  state: StateStore,
  planning: RollbackPlanning,
): Promise<PlannedRollback[]> => {
  const versions = new Versions(workspace);
  const marks = await readMarks(state);
  const states = await statesOf(workspace, state, planning);
  const plans: PlannedRollback[] = [];
  for (const before of states)
    plans.push(await planOne(workspace, state, { ...planning, before, versions, marks }));
  return plans;
};

/** The prompts named; of a whole environment those that ran something else at the time. */
const statesOf = async (
  workspace: Workspace,
  state: StateStore,
  { request, environment }: RollbackPlanning,
): Promise<EnvironmentState[]> => {
  const instead = (name: string, selector: string): string => {
    const command = `promptv rollback ${name} --env ${environment.name}`;
    return `"${command}${parseVersion(selector) === null ? '' : ` --to ${selector}`}"`;
  };
  const names = [...new Set(request.names.map((name) => promptNameFrom(workspace, name, instead)))];
  if (names.length > 0)
    return Promise.all(names.map((name) => readEnvironment(state, environment.name, name)));
  const { states, damaged } = await readEnvironmentStates(state, environment.name);
  const [broken] = damaged.values();
  if (broken) throw broken;
  const moment = Date.parse(request.toTime ?? '');
  return [...states.values()].filter(({ deployments, current }) => {
    const then = deployments.findLast(({ at }) => Date.parse(at) <= moment);
    return then !== undefined && then.version !== current;
  });
};

interface One extends RollbackPlanning {
  readonly before: EnvironmentState;
  readonly versions: Versions;
  readonly marks: ReadonlyMap<string, Mark>;
}

/** A rollout under way is aborted first; without another target that is the rollback. */
const planOne = async (workspace: Workspace, state: StateStore, one: One): Promise<PlannedRollback> => {
  const { before, request } = one;
  const { rollout } = before;
  if (rollout === undefined) return planPointer(workspace, state, one);
  const { from, to, deployment, toTime } = request;
  const aborted = planAbort(workspace, one, rollout);
  const isTried = from === undefined || from === rollout.candidate.version;
  const isElsewhere = [to, deployment, toTime].some((target) => target !== undefined);
  if (isTried && (!isElsewhere || to === before.current)) return describeAbort(one, aborted);
  const further = await planPointer(workspace, state, {
    ...one,
    before: aborted,
    request: from === rollout.candidate.version ? { ...request, from: undefined } : request,
  });
  // What was named runs already: then the abort is all there is to do.
  return further.rollback.unchanged ? describeAbort(one, aborted) : further;
};

const planAbort = (
  workspace: Workspace,
  { before, request, identity, trigger }: One,
  record: RolloutRecord,
): EnvironmentState => {
  const change = { action: 'abort', at: workspace.now().toISOString(), by: identity } as const;
  const reason = request.reason ?? 'rolled back';
  return planChange(workspace, { before, record }, { ...change, reason, trigger }).next;
};

const describeAbort = async ({ before, versions }: One, next: EnvironmentState): Promise<PlannedRollback> => {
  const { prompt, environment, rollout } = before;
  const deployment = next.deployments.at(-1);
  if (!deployment || !rollout) throw new TypeError('An aborted rollout is a deployment.');
  const target = await versions.get(prompt, deployment.version);
  const changes = await changesFor(versions, { ...before, current: rollout.candidate.version }, target);
  const impact = changes && strongestImpact(changes.map((change) => change.impact));
  const moved = { from: rollout.candidate.version, to: deployment.version, unchanged: false, gates: [] };
  return {
    next,
    rollback: { prompt, environment, ...moved, impact, changes, deployment: completeDeployment(deployment) },
  };
};

const planPointer = async (workspace: Workspace, state: StateStore, one: One): Promise<PlannedRollback> => {
  const { before, request, marks } = one;
  const { prompt, environment } = before;
  const isArchived = (version: string): boolean => marks.get(`${prompt}@${version}`) === 'archived';
  const choice = chooseRollback(before, request, isArchived);
  switch (choice.kind) {
    case 'none':
      throw promptvError(before.current === null ? 'ENVIRONMENT_EMPTY' : 'NO_PREVIOUS_VERSION', {
        name: prompt,
        environment,
      });
    case 'no-deployment':
      throw promptvError('DEPLOYMENT_NOT_FOUND', {
        name: prompt,
        environment,
        deployment: request.deployment ?? `at ${request.toTime} or before`,
      });
    case 'conflict':
      throw promptvError('ROLLBACK_CONFLICT', {
        name: prompt,
        environment,
        current: choice.current,
        from: request.from,
      });
    case 'already':
      // A run that was stopped before its push is finished by the same command.
      if (await isUnpublished(one, choice.last))
        return { next: before, rollback: doneRollback(before, choice.last) };
      throw alreadyRolledBack(before, choice);
    case 'done':
      // What cannot be served is not back.
      await readTarget(one.versions, before, choice.last.version);
      return { next: before, rollback: doneRollback(before, choice.last) };
    case 'move':
      if (isArchived(choice.version))
        throw promptvError('VERSION_ARCHIVED', { name: prompt, version: choice.version });
      return planMove(workspace, state, { ...one, version: choice.version, undoes: choice.undoes });
  }
};

const isUnpublished = async ({ publication, before }: One, { id }: Deployment): Promise<boolean> => {
  if (publication === null) return false;
  const theirs = await publication.read(environmentPath(before.environment, before.prompt));
  return !theirs?.includes(JSON.stringify(id));
};

const alreadyRolledBack = (
  { prompt, environment }: EnvironmentState,
  { last, further }: { readonly last: Deployment; readonly further: string | null },
): Error => {
  const hint =
    further === null
      ? 'No earlier good version is left.'
      : `To go further back: promptv rollback ${prompt} --env ${environment} --to ${further}`;
  return promptvError('ALREADY_ROLLED_BACK', {
    name: prompt,
    environment,
    from: last.rollout?.candidate.version ?? last.previousVersion,
    to: last.version,
    at: last.at,
    further: hint,
  });
};

const doneRollback = ({ prompt, environment }: EnvironmentState, last: Deployment): Rollback => ({
  prompt,
  environment,
  from: last.rollout?.candidate.version ?? last.previousVersion ?? last.version,
  to: last.version,
  unchanged: true,
  impact: null,
  changes: null,
  deployment: completeDeployment(last),
  gates: [],
});

interface Move extends One {
  readonly version: string;
  readonly undoes: Deployment | null;
}

const planMove = async (workspace: Workspace, state: StateStore, move: Move): Promise<PlannedRollback> => {
  const { before, versions, request, identity, trigger, undoes } = move;
  const target = await readTarget(versions, before, move.version);
  const changes = await changesFor(versions, before, target);
  const gates = request.emergency ? [] : await gatesFor(workspace, state, { ...move, target });
  const next = addDeployment(before, {
    action: 'rollback',
    version: target.version,
    previousVersion: before.current,
    contentHash: target.contentHash,
    at: workspace.now().toISOString(),
    by: identity,
    reason: request.reason ?? null,
    approvals: [],
    ci: workspace.ci && { provider: workspace.ci.provider, run: workspace.ci.run, url: workspace.ci.url },
    trigger,
    triggeredBy: request.triggeredBy ?? identity,
    undoes: undoes?.id ?? null,
  });
  const deployment = next.deployments.at(-1);
  if (!deployment) throw new TypeError('A state that was added to has a deployment.');
  const impact = changes && strongestImpact(changes.map((change) => change.impact));
  const { prompt, environment } = before;
  const from = before.current ?? target.version;
  return {
    next,
    rollback: {
      prompt,
      environment,
      from,
      to: target.version,
      unchanged: false,
      impact,
      changes,
      deployment: completeDeployment(deployment),
      gates,
    },
  };
};

/** A freeze never holds a rollback; a version that ran here before has its approvals and its way behind it. */
const gatesFor = async (
  workspace: Workspace,
  state: StateStore,
  { before, environment, target, identity }: Move & { readonly target: Version },
): Promise<Gate[]> => {
  const ranHere = before.deployments.some(({ version }) => version === target.version);
  const from =
    environment.from === null || ranHere
      ? null
      : await readEnvironment(state, environment.from, before.prompt);
  const gates = evaluateGates({
    prompt: before.prompt,
    version: target.version,
    environment: ranHere ? { ...environment, from: null } : environment,
    isArchived: false,
    fromVersion: from?.current ?? null,
    stages: ranHere ? [] : await readStages(workspace, state, { environment, version: target }),
    checks: ranHere
      ? []
      : await requiredChecks(workspace, {
          prompt: before.prompt,
          version: target.version,
          contentHash: target.contentHash,
          environment,
          previousVersion: before.current,
        }),
    deployer: /<(.*)>$/.exec(identity)?.[1] ?? '',
    now: workspace.now().toISOString(),
  });
  return gates.filter(({ name }) => name !== 'freeze');
};

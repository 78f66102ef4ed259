import type { StageStatus } from '../core/approval/stage.ts';
import { evaluateGates, type Gate } from '../core/environment/gates.ts';
import type { EnvironmentState } from '../core/environment/state.ts';
import { readStages } from './approval-stages.ts';
import { environmentNamed, readEnvironment } from './environments.ts';
import { readMarks } from './marks.ts';
import { requiredChecks } from './required-checks.ts';
import type { StateStore } from './state-store.ts';
import type { Version } from './versions.ts';
import type { Workspace } from './workspace.ts';

/** A version on its way to where another one runs. */
export interface JudgedPromotion {
  readonly before: EnvironmentState;
  readonly version: Version;
  /** E-mail of who promotes. */
  readonly deployer: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** The environment's gates for a version, with the stages of approval that they rest on. @throws STATE_INVALID */
export const judgePromotion = async (
  workspace: Workspace,
  state: StateStore,
  { before, version, deployer, at }: JudgedPromotion,
): Promise<{ readonly gates: readonly Gate[]; readonly stages: readonly StageStatus[] }> => {
  const environment = environmentNamed(workspace, before.environment);
  const { name: prompt, version: number, contentHash } = version;
  const marks = await readMarks(state, prompt);
  const stages = await readStages(workspace, state, { environment, version });
  const from = environment.from === null ? null : await readEnvironment(state, environment.from, prompt);
  const previousVersion = before.current;
  const about = { prompt, version: number, environment };
  const checks = await requiredChecks(workspace, { ...about, contentHash, previousVersion });
  const gates = evaluateGates({
    ...about,
    isArchived: marks.get(`${prompt}@${number}`) === 'archived',
    fromVersion: from?.current ?? null,
    stages,
    checks,
    deployer,
    now: at,
  });
  return { gates, stages };
};

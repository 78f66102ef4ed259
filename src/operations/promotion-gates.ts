import type { StageStatus } from '../core/approval/stage.ts';
import { evaluateGates, type Gate } from '../core/environment/gates.ts';
import type { EnvironmentState } from '../core/environment/state.ts';
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
  /** How the environment's stages of approval stand for the version. */
  readonly stages: readonly StageStatus[];
  /** E-mail of who promotes. */
  readonly deployer: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** The environment's gates for a version. @throws STATE_INVALID */
export const judgePromotion = async (
  workspace: Workspace,
  state: StateStore,
  { before, version, stages, deployer, at }: JudgedPromotion,
): Promise<readonly Gate[]> => {
  const environment = environmentNamed(workspace, before.environment);
  const { name: prompt, version: number, contentHash } = version;
  const marks = await readMarks(state, prompt);
  const from = environment.from === null ? null : await readEnvironment(state, environment.from, prompt);
  const previousVersion = before.current;
  const about = { prompt, version: number, environment };
  const checks = await requiredChecks(workspace, { ...about, contentHash, previousVersion });
  return evaluateGates({
    ...about,
    isArchived: marks.get(`${prompt}@${number}`) === 'archived',
    fromVersion: from?.current ?? null,
    stages,
    checks,
    deployer,
    now: at,
  });
};

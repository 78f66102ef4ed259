import { type Difference, findDifferences } from '../../core/environment/drift.ts';
import { environmentNamed, readEnvironmentStates } from '../environments.ts';
import { behindWarning } from '../state-behind.ts';
import { openStateToRead } from '../state-store.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { type DamagedState, describeDamage, warnDamage } from './damage.ts';
import { currentVersions } from './show.ts';

export interface EnvDiffRequest {
  readonly a: string;
  readonly b: string;
  /** Read the state of this branch. */
  readonly branch?: string;
}

export interface EnvDiffResult {
  /** The two environments. */
  readonly a: string;
  readonly b: string;
  /** The prompts that run different versions, by name; null where one does not run. Damaged ones are left out. */
  readonly differences: readonly Difference[];
  /** How many prompts run the same version in both. */
  readonly same: number;
  readonly damaged: readonly DamagedState[];
  readonly warnings: readonly Warning[];
}

/** Which prompts two environments run in different versions. @throws ENVIRONMENT_NOT_FOUND */
export const diffEnvironments = async (
  workspace: Workspace,
  request: EnvDiffRequest,
): Promise<EnvDiffResult> => {
  const a = environmentNamed(workspace, request.a).name;
  const b = environmentNamed(workspace, request.b).name;
  const state = await openStateToRead(workspace, request);
  const [left, right, behind] = await Promise.all([
    readEnvironmentStates(state, a),
    readEnvironmentStates(state, b),
    behindWarning(workspace, state),
  ]);
  const [here, there] = [currentVersions(left.states), currentVersions(right.states)];
  const unknown = new Set([...left.damaged.keys(), ...right.damaged.keys()]);
  const damaged = [...describeDamage(a, left.damaged), ...(a === b ? [] : describeDamage(b, right.damaged))];
  return {
    a,
    b,
    differences: findDifferences(here, there).filter(({ prompt }) => !unknown.has(prompt)),
    same: [...here].filter(([prompt, version]) => there.get(prompt) === version).length,
    damaged,
    warnings: [...warnDamage(damaged), ...behind],
  };
};

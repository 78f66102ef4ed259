import { previousGood } from './history.ts';
import type { Deployment, EnvironmentState } from './state.ts';

/** What a rollback was asked to go back to; nothing: the previous good version. */
export interface RollbackTarget {
  readonly to?: string | undefined;
  /** The version that the caller believes to run. */
  readonly from?: string | undefined;
  /** Id of the deployment to go back to. */
  readonly deployment?: string | undefined;
  /** A moment (ISO 8601): what ran then. */
  readonly toTime?: string | undefined;
}

/** What to do, or why not. */
export type RollbackChoice =
  | { readonly kind: 'move'; readonly version: string; readonly undoes: Deployment | null }
  /** A repetition of what was done: nothing to do. */
  | { readonly kind: 'done'; readonly last: Deployment }
  | { readonly kind: 'already'; readonly last: Deployment; readonly further: string | null }
  | { readonly kind: 'conflict'; readonly current: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'no-deployment' };

/**
 * Chooses the version to go back to. A repetition never moves twice: after a rollback, only an explicit target goes on.
 */
export const chooseRollback = (
  state: EnvironmentState,
  target: RollbackTarget,
  isArchived: (version: string) => boolean,
): RollbackChoice => {
  const last = state.deployments.at(-1);
  if (!last || state.current === null) return { kind: 'none' };
  const { from } = target;
  const named = namedVersion(state, target);
  if (named === null) return { kind: 'no-deployment' };
  if (from !== undefined && from !== state.current) {
    const isDone =
      (last.action === 'rollback' && last.previousVersion === from) ||
      (last.action === 'abort' && last.rollout?.candidate.version === from);
    return isDone && (named === undefined || named === state.current)
      ? { kind: 'done', last }
      : { kind: 'conflict', current: state.current };
  }
  const good = previousGood(state, isArchived)?.version ?? null;
  if (named === undefined && from === undefined && last.action !== 'promote')
    return { kind: 'already', last, further: good };
  const version = named ?? good;
  if (version === null) return { kind: 'none' };
  return version === state.current ? { kind: 'done', last } : { kind: 'move', version, undoes: last };
};

/** The version that was named; undefined when none was, null when what was named is not there. */
const namedVersion = (
  state: EnvironmentState,
  { to, deployment, toTime }: RollbackTarget,
): string | null | undefined => {
  if (to !== undefined) return to;
  if (deployment !== undefined) return state.deployments.find(({ id }) => id === deployment)?.version ?? null;
  if (toTime === undefined) return undefined;
  const moment = Date.parse(toTime);
  return state.deployments.findLast(({ at }) => Date.parse(at) <= moment)?.version ?? null;
};

import { openState, type StateStore } from './state-store.ts';
import type { PushOptions } from './types.ts';
import type { Workspace } from './workspace.ts';
import { withWorkspaceLock } from './workspace-lock.ts';

/** What every command that writes state takes. */
export interface StateOptions extends PushOptions {
  /** Another branch than the configured one, once: for a pull request. */
  readonly branch?: string;
  readonly dryRun?: boolean;
}

/** What a decision wrote: null when there was nothing to write, or in a dry run. */
export interface Decision<Result> {
  readonly result: Result;
  readonly commit: string | null;
}

/** Reads, decides and writes under the lock of the clone, and pushes what was written where that was asked for. */
export const decideState = async <Result extends object>(
  workspace: Workspace,
  options: StateOptions,
  work: (state: StateStore) => Promise<Decision<Result>>,
): Promise<Result & { readonly commit: string | null; readonly pushed: boolean }> => {
  const state = openState(workspace, { branch: options.branch });
  const decide = async () => {
    const { result, commit } = await work(state);
    return { ...result, commit, pushed: false };
  };
  return options.dryRun ? decide() : withWorkspaceLock(workspace, decide);
};

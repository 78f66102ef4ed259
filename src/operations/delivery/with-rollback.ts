import { stripVTControlCharacters } from 'node:util';
import type { EnvironmentState } from '../../core/environment/state.ts';
import { escapeControls } from '../../core/version/control-characters.ts';
import type { StateOptions } from '../decide-state.ts';
import { environmentNamed, readEnvironment } from '../environments.ts';
import { rollback } from '../rollback.ts';
import { openState } from '../state-store.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';

export interface WithRollbackRequest extends Omit<StateOptions, 'dryRun'> {
  /** The prompts that the callback may promote. */
  readonly names: readonly string[];
  readonly environment: string;
}

/**
 * Runs a callback that promotes and tries out. When it throws, each of the prompts that it moved goes back to what ran
 * before, a rollout that it began is aborted, and the error is thrown on; what did not move is left alone. When going
 * back fails too, an `AggregateError` holds both. @throws what the callback throws, AggregateError
 */
export const withRollback = async <Result>(
  workspace: Workspace,
  request: WithRollbackRequest,
  callback: () => Promise<Result>,
): Promise<Result> => {
  const before = await readStates(workspace, request);
  try {
    return await callback();
  } catch (error) {
    const failures = await goBack(workspace, request, { before, reason: messageOf(error) });
    if (failures.length > 0)
      throw new AggregateError(
        [error, ...failures],
        `It failed, and so did going back: ${messageOf(failures[0])}`,
      );
    throw error;
  }
};

const readStates = (
  workspace: Workspace,
  { names, environment, branch }: WithRollbackRequest,
): Promise<EnvironmentState[]> => {
  const state = openState(workspace, { branch });
  const { name: place } = environmentNamed(workspace, environment);
  return Promise.all(names.map((name) => readEnvironment(state, place, promptNameFrom(workspace, name))));
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const mostCharacters = 500;

/** A coloured or endless message, as those of assertions are, must not keep anything from going back. */
const storable = (message: string): string => {
  const line = escapeControls(stripVTControlCharacters(message).replace(/\s+/g, ' ').trim());
  const characters = Array.from(line);
  if (characters.length === 0) return 'an error without a message';
  return characters.length > mostCharacters ? `${characters.slice(0, mostCharacters).join('')}…` : line;
};

/** One by one, for each goes back to a version of its own; answers what could not be done. */
const goBack = async (
  workspace: Workspace,
  request: WithRollbackRequest,
  { before, reason }: { readonly before: readonly EnvironmentState[]; readonly reason: string },
): Promise<unknown[]> => {
  const failures: unknown[] = [];
  for (const [index, now] of (await readStates(workspace, request)).entries()) {
    const then = before[index];
    const hasBegun = now.rollout !== undefined && now.rollout.id !== then?.rollout?.id;
    if (then === undefined || (now.current === then.current && !hasBegun)) continue;
    const { environment, branch, push, remote } = request;
    const to = then.current ?? undefined;
    await rollback(workspace, {
      ...{ names: [now.prompt], environment, to, branch, push, remote },
      ...{ reason: `rolled back: ${storable(reason)}`, triggeredBy: 'withRollback' },
    }).catch((error: unknown) => failures.push(error));
  }
  return failures;
};

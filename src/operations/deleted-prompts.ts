import { isPromptvError } from '../errors.ts';
import { environmentsFolder, readEnvironment } from './environments.ts';
import { openState, type StateStore } from './state-store.ts';
import type { PromptStatus } from './status.ts';
import type { Version, Versions } from './versions.ts';
import { gitPath, type Workspace } from './workspace.ts';

interface Wanted {
  /** The names that have a file. */
  readonly present: readonly string[];
  readonly isWanted: (name: string) => boolean;
}

/**
 * Prompts with versions and without a file, as long as that matters: until the deletion is committed, and while any
 * environment runs them. No process is started for them.
 */
export const deletedPrompts = async (
  workspace: Workspace,
  versions: Versions,
  { present, isWanted }: Wanted,
): Promise<PromptStatus[]> => {
  const there = new Set(present);
  const gone = versions.names().filter((name) => !there.has(name) && isWanted(name));
  const latest = await Promise.all(gone.map((name) => versions.highest(name, { stable: false })));
  const places = await readPlaces(workspace, gone);
  const found = await Promise.all(
    gone.map(async (prompt, index): Promise<PromptStatus[]> => {
      const version = latest[index];
      const running = places.get(prompt) ?? [];
      if (running.length === 0 && !(version && (await isInHead(workspace, version)))) return [];
      const reason = running.length === 0 ? null : `runs in ${running.join(', ')}`;
      const nothing = { path: null, impact: null, next: null, refusal: null, problems: [] };
      return [{ prompt, state: 'deleted', reason, latest: version?.version ?? null, ...nothing }];
    }),
  );
  return found.flat();
};

const isInHead = async (workspace: Workspace, { path }: Version): Promise<boolean> =>
  path.startsWith(gitPath(workspace, '')) && (await workspace.repository.readObject(`HEAD:${path}`)) !== null;

/** Where each of these prompts runs: prompt → environments in configured order. */
const readPlaces = async (
  workspace: Workspace,
  prompts: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  if (prompts.length === 0) return new Map();
  const state = openState(workspace);
  const commit = await state.commitId();
  const folder = `${commit}:${gitPath(workspace, environmentsFolder)}`;
  if (commit === null || (await workspace.repository.readObject(folder)) === null) return new Map();
  const names = workspace.config.environments.map(({ name }) => name);
  const placed = await Promise.all(
    prompts.map(async (prompt): Promise<[string, string[]]> => {
      const runs = await Promise.all(names.map((name) => runsIn(state, name, prompt)));
      return [prompt, names.filter((_, index) => runs[index])];
    }),
  );
  return new Map(placed);
};

/** What a damaged file says nobody knows: the prompt may run. */
const runsIn = async (state: StateStore, environment: string, prompt: string): Promise<boolean> => {
  try {
    return (await readEnvironment(state, environment, prompt)).current !== null;
  } catch (error) {
    if (isPromptvError(error)) return true;
    throw error;
  }
};

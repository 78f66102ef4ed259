import type { EnvironmentConfig } from '../core/config/schema.ts';
import { type EnvironmentState, emptyState, validateState } from '../core/environment/state.ts';
import type { Problem } from '../core/prompt/document.ts';
import { suggestEnvironment } from '../core/prompt/name.ts';
import { isPromptvError, type PromptvError, promptvError } from '../errors.ts';
import { parseStateText } from '../store/state-text.ts';
import type { StateStore } from './state-store.ts';
import type { Workspace } from './workspace.ts';

/** Where the pointer files are, relative to the workspace. */
export const environmentsFolder = '.promptv/environments';

/** The pointer file of a prompt in an environment, relative to the workspace. */
export const environmentPath = (environment: string, prompt: string): string =>
  `${environmentsFolder}/${environment}/${prompt}.json`;

/** What a path below that folder is about; null for a path that is none of ours. */
export const parseEnvironmentPath = (
  path: string,
): { readonly environment: string; readonly prompt: string } | null => {
  const match = /^\.promptv\/environments\/([^/]+)\/(.+)\.json$/.exec(path);
  return match && { environment: match[1] ?? '', prompt: match[2] ?? '' };
};

/** The configuration of an environment. @throws ENVIRONMENT_NOT_FOUND */
export const environmentNamed = (workspace: Workspace, name: string): EnvironmentConfig => {
  const { environments } = workspace.config;
  const found = environments.find((environment) => environment.name === name);
  if (found) return found;
  const names = environments.map((environment) => environment.name);
  throw promptvError('ENVIRONMENT_NOT_FOUND', {
    environment: name,
    suggestion: suggestEnvironment(name, names),
  });
};

/** The last environment, which counts as production; null when none is configured. */
export const productionOf = (workspace: Workspace): string | null =>
  workspace.config.environments.at(-1)?.name ?? null;

/** What runs of a prompt in an environment; an empty state where it was never promoted. @throws STATE_INVALID */
export const readEnvironment = async (
  state: StateStore,
  environment: string,
  prompt: string,
): Promise<EnvironmentState> => {
  const path = environmentPath(environment, prompt);
  const text = await state.read(path);
  return text === null
    ? emptyState(prompt, environment)
    : parseEnvironmentState(text, { path, environment, prompt });
};

/** Everything that an environment runs, by prompt; a damaged file does not hide the others. */
export interface EnvironmentStates<State = EnvironmentState> {
  readonly states: ReadonlyMap<string, State>;
  readonly damaged: ReadonlyMap<string, PromptvError>;
}

export const readEnvironmentStates = async (
  state: StateStore,
  environment: string,
): Promise<EnvironmentStates> =>
  (await readFolder(state, `${environmentsFolder}/${environment}`, parseKnownState)).get(environment) ??
  noStates;

/** The same of every environment that has a folder, by its name, also of those no longer configured. */
export const readAllEnvironmentStates = (
  state: StateStore,
): Promise<ReadonlyMap<string, EnvironmentStates>> => readFolder(state, environmentsFolder, parseKnownState);

const noStates: EnvironmentStates = { states: new Map(), damaged: new Map() };

/** A state file as it is committed. */
export interface KnownFile {
  readonly path: string;
  readonly oid: string;
  readonly text: string;
  readonly environment: string;
  readonly prompt: string;
}

export type ParseState<State> = (state: StateStore, file: KnownFile) => State;

/** The states below a folder, each read by `parse`, by environment. */
export const readFolder = async <State>(
  state: StateStore,
  below: string,
  parse: ParseState<State>,
): Promise<ReadonlyMap<string, EnvironmentStates<State>>> => {
  const found = new Map<string, { states: Map<string, State>; damaged: Map<string, PromptvError> }>();
  for (const { path, oid, text } of await state.readFiles(below)) {
    const place = parseEnvironmentPath(path);
    if (!place) continue;
    const { environment, prompt } = place;
    const { states, damaged } = found.get(environment) ?? { states: new Map(), damaged: new Map() };
    found.set(environment, { states, damaged });
    try {
      states.set(prompt, parse(state, { path, oid, text, environment, prompt }));
    } catch (error) {
      if (!isPromptvError(error)) throw error;
      damaged.set(prompt, error);
    }
  }
  return found;
};

/** Checking thousands of histories takes longer than reading them; one git object is checked once. */
const parseKnownState: ParseState<EnvironmentState> = (state, { oid, text, ...place }) => {
  if (state.isVerified(oid)) {
    const known: EnvironmentState = JSON.parse(text);
    if (known.prompt === place.prompt && known.environment === place.environment) return known;
  }
  const parsed = parseEnvironmentState(text, place);
  state.setVerified(oid);
  return parsed;
};

/** The state in a pointer file's text. @throws STATE_INVALID */
export const parseEnvironmentState = (
  text: string,
  {
    path,
    environment,
    prompt,
  }: { readonly path: string; readonly environment: string; readonly prompt: string },
): EnvironmentState => {
  const { value, problems } = parseStateText(text, (data) => validateState(data, { prompt, environment }));
  if (value) return value;
  throw stateInvalid(path, problems);
};

/** `STATE_INVALID` naming the first problem's line; all of them stand in the details. */
export const stateInvalid = (path: string, problems: readonly Problem[]): PromptvError => {
  const [first, ...others] = problems;
  return promptvError('STATE_INVALID', {
    path,
    first: first ? `line ${first.line}: ${first.message}` : 'for a reason unknown',
    more: others.length === 0 ? '' : ` (and ${others.length} more)`,
    problems,
  });
};

import type { Experiment } from '../core/experiment/definition.ts';
import type { ExperimentDefaults, ExperimentProblem } from '../core/experiment/parse-experiment.ts';
import { experimentPath, experimentsFolder, parseExperimentPath } from '../core/experiment/paths.ts';
import type { Problem } from '../core/prompt/document.ts';
import { nearestNames } from '../core/prompt/name.ts';
import { isPromptvError, type PromptvError, promptvError } from '../errors.ts';
import { productionOf } from './environments.ts';
import { openState, type StateStore } from './state-store.ts';
import { suggestion, type Workspace } from './workspace.ts';

/** An experiment and the text of its file, which may be a person's. */
export interface StoredExperiment {
  readonly path: string;
  readonly text: string;
  readonly experiment: Experiment;
}

/** The experiments that are there, in order of id; a damaged file, by its path, does not hide the others. */
export interface Experiments {
  readonly experiments: readonly StoredExperiment[];
  readonly damaged: ReadonlyMap<string, PromptvError>;
}

/** Reads the experiments of all prompts, or of one. */
export const readExperiments = async (
  workspace: Workspace,
  state: StateStore,
  prompt?: string,
): Promise<Experiments> => {
  const experiments: StoredExperiment[] = [];
  const damaged = new Map<string, PromptvError>();
  for (const [path, text] of await state.readAll(experimentsFolder)) {
    const id = parseExperimentPath(path);
    // What does not have the name in its text cannot be about the prompt, and is not parsed with every "get".
    if (id === null || (prompt !== undefined && !text.includes(prompt))) continue;
    try {
      const experiment = await parseExperimentText(workspace, { id, path, text });
      if (prompt === undefined || experiment.prompt === prompt) experiments.push({ path, text, experiment });
    } catch (error) {
      if (!isPromptvError(error)) throw error;
      damaged.set(path, error);
    }
  }
  return { experiments, damaged };
};

/** One experiment by its id. @throws EXPERIMENT_NOT_FOUND, EXPERIMENT_INVALID */
export const readExperiment = async (
  workspace: Workspace,
  state: StateStore,
  id: string,
): Promise<StoredExperiment> => {
  const path = experimentPath(id);
  const text = await state.read(path);
  if (text !== null)
    return { path, text, experiment: await parseExperimentText(workspace, { id, path, text }) };
  const known = await listIds(state);
  throw promptvError('EXPERIMENT_NOT_FOUND', { id, suggestion: suggestion(nearestNames(id, known)) });
};

/** The experiment in a file's text. @throws EXPERIMENT_INVALID with every problem and its place */
const parseExperimentText = async (workspace: Workspace, file: ExperimentText): Promise<Experiment> => {
  const { experiment, problems } = await checkExperimentText(workspace, file);
  if (experiment) return experiment;
  throw experimentInvalid(file.path, problems);
};

const listIds = async (state: StateStore): Promise<string[]> =>
  (await state.list(experimentsFolder)).flatMap((file) => parseExperimentPath(file.path) ?? []);

/** The ids of the experiments that are committed, without reading their files. */
export const readExperimentIds = (workspace: Workspace): Promise<readonly string[]> =>
  listIds(openState(workspace));

interface ExperimentText {
  readonly id: string;
  readonly path: string;
  readonly text: string;
}

/** What a text says, and what is wrong with it. */
interface CheckedText {
  readonly experiment: Experiment | null;
  /** The plain data, valid or not. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly locate: (problem: ExperimentProblem) => Problem;
}

/** Reads an experiment's text and checks its shape; never throws for what it holds. */
export const checkExperimentText = async (
  workspace: Workspace,
  { id, path, text }: ExperimentText,
): Promise<CheckedText> => {
  // YAML and the schema take long to load, and most workspaces have no experiments.
  const [{ parseConfigSource }, { parseExperiment }] = await Promise.all([
    import('../store/config-source.ts'),
    import('../core/experiment/parse-experiment.ts'),
  ]);
  const source = parseConfigSource(Buffer.from(text), path.endsWith('.json') ? 'experiment.json' : path);
  const locate = ({ message, path: place }: ExperimentProblem): Problem => ({
    severity: 'error',
    message: `${formatPlace(place)} ${message}`,
    path: place,
    ...source.locate(place),
  });
  const { value } = source;
  if (source.problems.length > 0) return { experiment: null, value, problems: source.problems, locate };
  const { experiment, problems } = parseExperiment(value, { id, defaults: defaultsOf(workspace) });
  return { experiment, value, problems: problems.map(locate), locate };
};

const formatPlace = (path: Problem['path']): string =>
  path.length === 0 ? 'The experiment' : path.map((part) => `${part}`).join('.');

/** What an experiment takes from the configuration. */
export const defaultsOf = (workspace: Workspace): ExperimentDefaults => ({
  abtest: workspace.config.abtest,
  environment: productionOf(workspace) ?? 'production',
});

/** `EXPERIMENT_INVALID` naming every problem and its place; `path` is null of one that was given by flags. */
export const experimentInvalid = (path: string | null, problems: readonly Problem[]): PromptvError => {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  return promptvError('EXPERIMENT_INVALID', {
    path: path ?? 'What the options say',
    count: `${sorted.length} ${sorted.length === 1 ? 'problem' : 'problems'}`,
    all: sorted
      .map(({ line, column, message }) => (path === null ? message : `${path}:${line}:${column}: ${message}`))
      .join('; '),
    problems: sorted,
  });
};

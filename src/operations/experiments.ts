import type { Experiment } from '../core/experiment/definition.ts';
import type { ExperimentDefaults } from '../core/experiment/parse-experiment.ts';
import { experimentPath, experimentsFolder, parseExperimentPath } from '../core/experiment/paths.ts';
import type { Problem } from '../core/prompt/document.ts';
import { nearestNames } from '../core/prompt/name.ts';
import { isPromptvError, type PromptvError, promptvError } from '../errors.ts';
import { productionOf } from './environments.ts';
import type { StateStore } from './state-store.ts';
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
  const known = (await state.list(experimentsFolder)).flatMap((file) => parseExperimentPath(file.path) ?? []);
  throw promptvError('EXPERIMENT_NOT_FOUND', { id, suggestion: suggestion(nearestNames(id, known)) });
};

/** The experiment in a file's text. @throws EXPERIMENT_INVALID with every problem and its place */
const parseExperimentText = async (
  workspace: Workspace,
  { id, path, text }: { readonly id: string; readonly path: string; readonly text: string },
): Promise<Experiment> => {
  // YAML and the schema take long to load, and most workspaces have no experiments.
  const [{ parseConfigSource }, { parseExperiment }] = await Promise.all([
    import('../store/config-source.ts'),
    import('../core/experiment/parse-experiment.ts'),
  ]);
  const source = parseConfigSource(Buffer.from(text), path);
  if (source.problems.length > 0) throw experimentInvalid(path, source.problems);
  const { experiment, problems } = parseExperiment(source.value, { id, defaults: defaultsOf(workspace) });
  if (experiment) return experiment;
  throw experimentInvalid(
    path,
    problems.map(({ message, path: place }) => ({
      severity: 'error',
      message: `${formatPlace(place)} ${message}`,
      path: place,
      ...source.locate(place),
    })),
  );
};

const formatPlace = (path: Problem['path']): string =>
  path.length === 0 ? 'The experiment' : path.map((part) => `${part}`).join('.');

const defaultsOf = (workspace: Workspace): ExperimentDefaults => ({
  abtest: workspace.config.abtest,
  environment: productionOf(workspace) ?? 'production',
});

/** `EXPERIMENT_INVALID` naming the first problem's place; all of them stand in the details. */
const experimentInvalid = (path: string, problems: readonly Problem[]): PromptvError => {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  return promptvError('EXPERIMENT_INVALID', {
    path,
    count: `${sorted.length} ${sorted.length === 1 ? 'problem' : 'problems'}`,
    all: sorted.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`).join('; '),
    problems: sorted,
  });
};

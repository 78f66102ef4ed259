import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Experiment } from '../../core/experiment/definition.ts';
import { fillDefaults } from '../../core/experiment/fill-defaults.ts';
import { experimentPath } from '../../core/experiment/paths.ts';
import { recordOf } from '../../core/prompt/data-rules.ts';
import { segmentNameProblem } from '../../core/prompt/name.ts';
import { promptvError } from '../../errors.ts';
import { formatExperimentText } from '../../store/experiment-text.ts';
import { readTextFile } from '../../store/read-file.ts';
import { splicePromptText } from '../../store/splice.ts';
import { type Decided, decideState, decisionLine, type StateOptions } from '../decide-state.ts';
import { checkExperimentText, defaultsOf, experimentInvalid, readExperiment } from '../experiments.ts';
import { assertReadyToCommit } from '../ready.ts';
import type { StateStore } from '../state-store.ts';
import type { OperationOptions, Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { checkVariants } from './check-variants.ts';

export interface AbtestCreateRequest extends OperationOptions, StateOptions {
  readonly id: string;
  /** The definition as its file would have it; what is left out is the configuration's. */
  readonly definition?: Readonly<Record<string, unknown>>;
  /** A YAML or JSON file that has it instead, relative to where the workspace was opened. */
  readonly file?: string;
}

export interface AbtestCreateResult {
  readonly experiment: Experiment;
  readonly path: string;
  /** True when it was there already with this definition. */
  readonly unchanged: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Writes the definition of an experiment as a draft, in one commit. A definition in a file keeps its text.
 * @throws EXPERIMENT_ID_INVALID, EXPERIMENT_INVALID with every problem at once, EXPERIMENT_EXISTS, FILE_NOT_FOUND
 */
export const createExperiment = async (
  workspace: Workspace,
  request: AbtestCreateRequest,
): Promise<Decided<AbtestCreateResult>> => {
  await assertReadyToCommit(workspace, 'abtest create');
  const { id } = request;
  const reason = segmentNameProblem(id);
  if (reason !== null) throw promptvError('EXPERIMENT_ID_INVALID', { id, reason });
  const { text, experiment, warnings } = await readDefinition(workspace, request);
  const path = experimentPath(id);
  return decideState(workspace, request, async (state) => {
    const dryRun = request.dryRun ?? false;
    const known = await findKnown(workspace, state, { id, experiment });
    const unchanged = known !== null;
    const result = { experiment: known ?? experiment, path, unchanged, dryRun, warnings };
    if (unchanged || dryRun) return { result, commit: null };
    const message = `Define the experiment ${id}\n\n${decisionLine}abtest create ${id}\n`;
    return { result, commit: await state.commit({ files: [{ path, text }], message }) };
  });
};

interface Definition {
  readonly text: string;
  readonly experiment: Experiment;
  readonly warnings: readonly Warning[];
}

const readDefinition = async (
  workspace: Workspace,
  { id, definition = {}, file }: AbtestCreateRequest,
): Promise<Definition> => {
  const given =
    file === undefined
      ? formatDefinition(workspace, definition)
      : await readTextFile(resolve(workspace.cwd, file));
  const { experiment, value, problems, locate } = await checkExperimentText(workspace, {
    id,
    path: file ?? 'options.yaml',
    text: given,
  });
  const found = await checkVariants(workspace, new Versions(workspace), value);
  const isBegun = experiment !== null && (experiment.state !== 'draft' || experiment.phases.length > 0);
  const begun = isBegun
    ? [{ message: 'must be "draft": "promptv abtest start" starts it', path: ['state'] }]
    : [];
  const all = [...problems, ...[...found.problems, ...begun].map(locate)];
  if (experiment === null || all.length > 0) throw experimentInvalid(file ?? null, all);
  const salt = experiment.salt ?? `${id}-${newSalt()}`;
  const edits = [
    { path: ['salt'], value: salt.slice(id.length + 1) },
    { path: ['state'], value: 'draft' },
  ];
  const text = splicePromptText(given, edits, file ?? 'options.yaml');
  return { text, experiment: { ...experiment, salt }, warnings: found.warnings };
};

/** Random, so that two tests on the same users split them independently. */
export const newSalt = (): string => randomBytes(6).toString('hex');

/** The keys in the order in which people read them. */
const formatDefinition = (workspace: Workspace, definition: Readonly<Record<string, unknown>>): string => {
  const filled = fillDefaults(definition, defaultsOf(workspace)).map(({ path: [key], value }) => [
    key,
    value,
  ]);
  const values = { ...definition, ...Object.fromEntries(filled) };
  return formatExperimentText(
    Object.fromEntries(keyOrder.flatMap((key) => (key in values ? [[key, recordOf(values)[key]]] : []))),
  );
};

const keyOrder = [
  ...['prompt', 'hypothesis', 'environment', 'unit', 'design', 'variants', 'metrics', 'guardrails', 'mde'],
  ...['alpha', 'power', 'plannedN', 'maxDuration', 'startAt', 'minUnits', 'autoStop', 'salt'],
];

/** The same experiment from an earlier run; its random part does not count. @throws EXPERIMENT_EXISTS */
const findKnown = async (
  workspace: Workspace,
  state: StateStore,
  { id, experiment }: { readonly id: string; readonly experiment: Experiment },
): Promise<Experiment | null> => {
  if ((await state.read(experimentPath(id))) === null) return null;
  const known = (await readExperiment(workspace, state, id)).experiment;
  if (isDeepStrictEqual({ ...known, salt: null }, { ...experiment, salt: null })) return known;
  throw promptvError('EXPERIMENT_EXISTS', { id });
};

import type { Experiment, ExperimentPhase } from '../../core/experiment/definition.ts';
import { fillDefaults } from '../../core/experiment/fill-defaults.ts';
import { type ExperimentEvent, experimentTransitions } from '../../core/experiment/states.ts';
import { isRecord, listOf, recordOf } from '../../core/prompt/data-rules.ts';
import { promptvError } from '../../errors.ts';
import { splicePromptText, type TextEdit } from '../../store/splice.ts';
import { type Decided, decideState, decisionLine, type StateOptions } from '../decide-state.ts';
import {
  checkExperimentText,
  defaultsOf,
  experimentInvalid,
  readExperiment,
  type StoredExperiment,
} from '../experiments.ts';
import { assertReadyToCommit } from '../ready.ts';
import type { StateStore } from '../state-store.ts';
import type { OperationOptions, Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { assertFree, assertKnownVariant } from './assert-free.ts';
import { checkVariants } from './check-variants.ts';
import { newSalt } from './create.ts';

export interface AbtestStartRequest extends OperationOptions, StateOptions {
  readonly id: string;
  /** Variant → new weight; of a running experiment they open a new phase. */
  readonly weights?: Readonly<Record<string, number>>;
}

export interface AbtestStartResult {
  readonly experiment: Experiment;
  readonly path: string;
  /** `phase`: it ran already, and other weights hold from now on. */
  readonly outcome: 'started' | 'phase' | 'unchanged';
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Starts a draft, or gives a running experiment other weights (of the request, or those that a person wrote into its
 * file), in one commit. What the file is silent about is written down, with the content of every version.
 * @throws EXPERIMENT_NOT_FOUND, EXPERIMENT_INVALID, EXPERIMENT_STATE, EXPERIMENT_CONFLICT, CONTROL_NOT_RUNNING,
 * VARIANT_NOT_FOUND, FILE_NOT_EDITABLE
 */
export const startExperiment = async (
  workspace: Workspace,
  request: AbtestStartRequest,
): Promise<Decided<AbtestStartResult>> => {
  await assertReadyToCommit(workspace, 'abtest start');
  const { id, weights = {}, dryRun = false } = request;
  return decideState(workspace, request, async (state) => {
    const stored = await readExperiment(workspace, state, id);
    for (const name of Object.keys(weights)) assertKnownVariant(stored.experiment, name);
    const { outcome, edits, warnings } = await planStart(workspace, state, { stored, weights });
    const { path } = stored;
    const text = splicePromptText(stored.text, edits, path);
    const { experiment, problems } = await checkExperimentText(workspace, { id, path, text });
    if (!experiment) throw experimentInvalid(path, problems);
    const result = { experiment, path, outcome, dryRun, warnings };
    if (outcome === 'unchanged' || dryRun) return { result, commit: null };
    return {
      result,
      commit: await state.commit({ files: [{ path, text }], message: messageOf(id, outcome) }),
    };
  });
};

interface StartPlan {
  readonly outcome: AbtestStartResult['outcome'];
  readonly edits: readonly TextEdit[];
  readonly warnings: readonly Warning[];
}

interface Starting {
  readonly stored: StoredExperiment;
  readonly weights: Readonly<Record<string, number>>;
}

const planStart = (workspace: Workspace, state: StateStore, starting: Starting): Promise<StartPlan> => {
  const { experiment } = starting.stored;
  if (experiment.state === 'running') return planPhase(workspace, starting);
  assertEvent(experiment, 'start');
  return planFirst(workspace, state, starting);
};

/** @throws EXPERIMENT_STATE */
export const assertEvent = ({ id, state }: Experiment, event: ExperimentEvent): void => {
  const transition = experimentTransitions[state][event];
  if ('refusal' in transition)
    throw promptvError('EXPERIMENT_STATE', { id, event, reason: transition.refusal });
};

const planFirst = async (
  workspace: Workspace,
  state: StateStore,
  { stored: { experiment, text, path }, weights }: Starting,
): Promise<StartPlan> => {
  const { id } = experiment;
  const versions = new Versions(workspace);
  const { value, locate } = await checkExperimentText(workspace, { id, path, text });
  const { problems, warnings } = await checkVariants(workspace, versions, value);
  if (problems.length > 0) throw experimentInvalid(path, problems.map(locate));
  await assertFree(workspace, state, experiment);
  const hashes = await Promise.all(
    experiment.variants.map(
      async ({ version }) => (await versions.get(experiment.prompt, version)).contentHash,
    ),
  );
  const startedAt = startOf(experiment, workspace.now());
  const edits: TextEdit[] = [
    ...fillDefaults(recordOf(value), defaultsOf(workspace)),
    ...variantEdits(value, experiment, weights),
    ...hashes.map((hash, at) => ({ path: ['variants', at, 'contentHash'], value: hash })),
    { path: ['salt'], value: experiment.salt?.slice(id.length + 1) ?? newSalt() },
    { path: ['state'], value: 'running' },
    { path: ['startedAt'], value: startedAt },
    { path: ['phases'], value: [phaseOf(experiment, weights, startedAt)] },
  ];
  return { outcome: 'started', edits, warnings };
};

/** Not before the moment that the definition names. */
const startOf = ({ startAt }: Experiment, now: Date): string =>
  new Date(Math.max(now.getTime(), startAt === null ? 0 : Date.parse(startAt))).toISOString();

/** Weights that are not written down yet, or are to change. */
const variantEdits = (
  value: unknown,
  experiment: Experiment,
  weights: Readonly<Record<string, number>>,
): TextEdit[] => {
  const written = listOf(recordOf(value).variants);
  return experiment.variants.flatMap(({ name, weight }, at) => {
    const before = written[at];
    const after = weights[name] ?? weight;
    const isThere = isRecord(before) && before.weight === after;
    return isThere ? [] : [{ path: ['variants', at, 'weight'], value: after }];
  });
};

const planPhase = async (
  workspace: Workspace,
  { stored: { experiment, text, path }, weights }: Starting,
): Promise<StartPlan> => {
  assertEvent(experiment, 'weigh');
  const at = workspace.now().toISOString();
  const phase = phaseOf(experiment, weights, at);
  const last = experiment.phases.at(-1);
  const isSame = experiment.variants.every(({ name }) => phase.weights[name] === last?.weights[name]);
  if (isSame) return { outcome: 'unchanged', edits: [], warnings: [] };
  const { value } = await checkExperimentText(workspace, { id: experiment.id, path, text });
  const edits = [
    ...variantEdits(value, experiment, weights),
    { path: ['phases', experiment.phases.length], value: phase },
  ];
  const message = `${experiment.id} has ${experiment.phases.length + 1} phases now: results are not pooled over them.`;
  return { outcome: 'phase', edits, warnings: [{ code: 'NEW_PHASE', message }] };
};

const phaseOf = (
  { variants }: Experiment,
  weights: Readonly<Record<string, number>>,
  startedAt: string,
): ExperimentPhase => ({
  startedAt,
  weights: Object.fromEntries(variants.map(({ name, weight }) => [name, weights[name] ?? weight])),
  versions: Object.fromEntries(variants.map(({ name, version }) => [name, version])),
});

const messageOf = (id: string, outcome: AbtestStartResult['outcome']): string => {
  const verb = outcome === 'phase' ? 'Change the weights of' : 'Start';
  return `${verb} the experiment ${id}\n\n${decisionLine}abtest start ${id}\n`;
};

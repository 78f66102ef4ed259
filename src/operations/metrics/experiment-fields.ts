import { assignVariant } from '../../core/assignment/assign.ts';
import { assertUnit, splitOf } from '../../core/experiment/assign.ts';
import { expiresAtOf } from '../../core/experiment/condition.ts';
import type { Experiment } from '../../core/experiment/definition.ts';
import { promptvError } from '../../errors.ts';
import { readExperiment } from '../experiments.ts';
import { openState } from '../state-store.ts';
import type { Workspace } from '../workspace.ts';

/** What a record says of an experiment. */
export interface ExperimentFields {
  readonly prompt: string;
  readonly version: string;
  readonly environment: string;
  readonly experiment: string;
  readonly variant: string;
  readonly unit: string;
}

/**
 * What a unit's record says where only the experiment and the key are given: prompt, version and variant that the unit
 * had at a moment (ISO 8601).
 * @throws EXPERIMENT_NOT_FOUND, EXPERIMENT_INVALID, UNIT_INVALID, NOT_ENROLLED when it enrolled nobody then
 */
export const readExperimentFields = async (
  workspace: Workspace,
  { id, key, at }: { readonly id: string; readonly key: string; readonly at: string },
): Promise<ExperimentFields> => {
  assertUnit(key);
  const { experiment } = await readExperiment(workspace, openState(workspace), id);
  const reason = notEnrolled(experiment, at);
  if (reason !== null) throw promptvError('NOT_ENROLLED', { id, at, reason });
  const phase = experiment.phases.findLast(({ startedAt }) => Date.parse(startedAt) <= Date.parse(at));
  const name = assignVariant(splitOf(experiment, phase), key);
  const version = experiment.variants.find((variant) => variant.name === name)?.version ?? '';
  const { prompt, environment } = experiment;
  return { prompt, version, environment, experiment: id, variant: name, unit: key };
};

const notEnrolled = (experiment: Experiment, at: string): string | null => {
  const { startedAt, endedAt, design } = experiment;
  const expiresAt = expiresAtOf(experiment);
  if (design === 'paired') return 'its cases are run with all variants';
  if (startedAt === null) return 'it was not started';
  if (Date.parse(at) < Date.parse(startedAt)) return `it began at ${startedAt}`;
  if (endedAt !== null && Date.parse(at) >= Date.parse(endedAt)) return `it ended at ${endedAt}`;
  return expiresAt !== null && Date.parse(at) >= Date.parse(expiresAt)
    ? `its time was over at ${expiresAt}`
    : null;
};

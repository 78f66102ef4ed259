import { promptvError } from '../../errors.ts';
import { assignVariant, type Split } from '../assignment/assign.ts';
import type { Experiment, ExperimentPhase } from './definition.ts';

/** What of an experiment says who gets what. */
export type AssignedExperiment = Pick<Experiment, 'id' | 'salt' | 'variants' | 'phases'>;

/** The weights that count: those of the last phase, or, before the first, those of the variants. */
export const splitOf = (
  { id, salt, variants }: Omit<AssignedExperiment, 'phases'>,
  phase: ExperimentPhase | undefined,
): Split => {
  if (salt === null)
    throw promptvError('SPLIT_INVALID', { reason: `${id} has no salt before it is started` });
  return {
    salt,
    variants: variants.map(({ name, weight }) => ({ name, weight: phase?.weights[name] ?? weight })),
  };
};

/**
 * The variant that a unit belongs to, the same on every machine and for ever: it does not ask whether the experiment
 * runs. @throws UNIT_INVALID, SPLIT_INVALID of an experiment that was never given its salt
 */
export const assign = (experiment: AssignedExperiment, unit: string): string => {
  assertUnit(unit);
  return assignVariant(splitOf(experiment, experiment.phases.at(-1)), unit);
};

/** An empty key would put everybody who has none into one variant. @throws UNIT_INVALID */
export const assertUnit = (unit: string): void => {
  if (unit.trim() === '') throw promptvError('UNIT_INVALID');
};

import type { Experiment, ExperimentDecision } from '../../core/experiment/definition.ts';
import type { Workspace } from '../workspace.ts';

/** What a decision rests on: the results at this moment. */
export type Evidence = Pick<ExperimentDecision, 'verdict' | 'sentence' | 'numbers'>;

/** The results of an experiment now, as its file keeps them. */
export const readEvidence = async (_workspace: Workspace, experiment: Experiment): Promise<Evidence> => ({
  verdict: 'no-decision',
  sentence: `No results of ${experiment.id} were computed.`,
  numbers: {},
});

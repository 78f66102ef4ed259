import type { Experiment, ExperimentDecision } from '../../core/experiment/definition.ts';
import { isPromptvError } from '../../errors.ts';
import { withLog } from '../metrics/open.ts';
import type { Workspace } from '../workspace.ts';
import { resultsOf } from './results.ts';

/** What a decision rests on: the results at this moment. */
export type Evidence = Pick<ExperimentDecision, 'verdict' | 'sentence' | 'numbers'>;

/** The results of an experiment now, as its file keeps them. A log that cannot be read keeps nobody from deciding. */
export const readEvidence = async (workspace: Workspace, experiment: Experiment): Promise<Evidence> => {
  try {
    return await withLog(workspace, {}, async ({ source }) => {
      const {
        verdict,
        sentence,
        warnings: _,
        coverage: __,
        crossedUnits: ___,
        ...numbers
      } = await resultsOf(workspace, source, {
        experiment,
        request: { id: experiment.id },
      });
      return { verdict, sentence, numbers };
    });
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    return {
      verdict: 'no-decision',
      sentence: `The results could not be read: ${error.message}`,
      numbers: {},
    };
  }
};

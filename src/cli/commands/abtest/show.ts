import { Command } from 'commander';
import type { AbtestShowRequest, AbtestShowResult } from '../../../operations/abtest/show.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, readBranchOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { abtestOperations, abtestReports } from './operations.ts';

/** `promptv abtest show ID`. */
export const abtestShowCommand = (
  context: Context,
  run: Run<AbtestShowRequest, AbtestShowResult> = abtestOperations.show,
): Command =>
  new Command('show')
    .summary('show the definition of an experiment and how it stands')
    .description('Shows an experiment as it is committed: definition, phases and decision.')
    .argument('<experiment>', 'the id of the experiment')
    .addOption(readBranchOption())
    .addHelpText('after', formatExamples('promptv abtest show tone', 'promptv abtest show tone --json'))
    .action(async (id: string, { branch }: { readonly branch?: string }) => {
      const result = await perform(context, run, { id, branch });
      await printResult(context, result, { load: abtestReports.show });
    });

import { Command } from 'commander';
import type { AbtestAssignRequest, AbtestAssignResult } from '../../../operations/abtest/assign.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, readBranchOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { abtestOperations, abtestReports } from './operations.ts';

/** `promptv abtest assign ID --key UNIT`. */
export const abtestAssignCommand = (
  context: Context,
  run: Run<AbtestAssignRequest, AbtestAssignResult> = abtestOperations.assign,
): Command =>
  new Command('assign')
    .summary('show which variant a unit gets')
    .description(
      'Shows what an experiment gives a unit now: always the same variant, on every machine. Changes nothing.',
    )
    .argument('<experiment>', 'the id of the experiment')
    .requiredOption('--key <unit>', 'the unit: the id of a user or a session')
    .addOption(readBranchOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv abtest assign tone --key user-42',
        'promptv abtest assign tone --key user-42 --json',
      ),
    )
    .action(async (id: string, { key, branch }: Omit<AbtestAssignRequest, 'id'>) => {
      const result = await perform(context, run, { id, key, branch });
      await printResult(context, result, { load: abtestReports.assign });
    });

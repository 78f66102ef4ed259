import { Command } from 'commander';
import type { AbtestListRequest, AbtestListResult } from '../../../operations/abtest/list.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, readBranchOption, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { abtestOperations, abtestReports } from './operations.ts';

/** `promptv abtest list`. */
export const abtestListCommand = (
  context: Context,
  run: Run<AbtestListRequest, AbtestListResult> = abtestOperations.list,
): Command =>
  new Command('list')
    .summary('list the experiments')
    .description('Lists the experiments as they are committed, with what is compared and how they stand.')
    .addOption(textOption('--prompt <name>', 'only those of this prompt'))
    .addOption(readBranchOption())
    .addHelpText(
      'after',
      formatExamples('promptv abtest list', 'promptv abtest list --prompt support/triage'),
    )
    .action(async ({ prompt, branch }: AbtestListRequest) => {
      const result = await perform(context, run, { prompt, branch });
      await printResult(context, result, { load: abtestReports.list });
    });

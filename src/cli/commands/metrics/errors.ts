import { Command } from 'commander';
import type { MetricsErrorsResult } from '../../../operations/metrics/errors.ts';
import type { FilterRequest } from '../../../operations/metrics/filter.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { addFilterOptions, checkStrictly, type FilterFlags, filterOf } from './log-options.ts';
import { metricsOperations, metricsReports } from './operations.ts';

/** `promptv metrics errors [NAME…]`: what fails, how often, since when. */
export const metricsErrorsCommand = (
  context: Context,
  run: Run<FilterRequest, MetricsErrorsResult> = metricsOperations.errors,
): Command =>
  addFilterOptions(
    new Command('errors')
      .summary('the classes of errors: share, first and last seen')
      .description(
        'Lists the classes of errors, most frequent first, with their share, when they were first and last seen, ' +
          'and in which versions and regions.',
      )
      .argument('[prompts...]', 'the prompts, or their files (default: all)'),
  )
    .addHelpText(
      'after',
      formatExamples('promptv metrics errors --since 24h', 'promptv metrics errors support/triage --json'),
    )
    .action(async (prompts: string[], flags: FilterFlags) => {
      const result = await perform(context, run, filterOf(context, prompts, flags));
      await printResult(context, result, { load: metricsReports.errors });
      checkStrictly(context, flags, result.coverage);
    });

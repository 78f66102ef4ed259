import { Command } from 'commander';
import type { MetricsPruneRequest, MetricsPruneResult } from '../../../operations/metrics/prune.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Run } from '../../operations.ts';
import { dryRunOption, formatExamples, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { metricsOperations, metricsReports } from './operations.ts';

/** `promptv metrics prune --older-than 90d [--force]`. */
export const metricsPruneCommand = (
  context: Context,
  run: Run<MetricsPruneRequest, MetricsPruneResult> = metricsOperations.prune,
): Command =>
  new Command('prune')
    .summary('remove old segments of the log')
    .description(
      'Removes the segments of whole UTC days before a span, of every writer. Without --force it only says which, ' +
        'and ends with 3 if there are any.',
    )
    .addOption(textOption('--older-than <span>', 'such as 90d').makeOptionMandatory())
    .option('--force', 'remove them for good')
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics prune --older-than 90d',
        'promptv metrics export --until 90d > old.jsonl && promptv metrics prune --older-than 90d --force',
      ),
    )
    .action(async (request: MetricsPruneRequest) => {
      const result = await perform(context, run, request);
      await printResult(context, result, { load: metricsReports.prune });
      const isRefused = !result.removed && !result.dryRun && result.segments.length > 0;
      if (isRefused) context.exitCode = exitCodes.refused;
    });

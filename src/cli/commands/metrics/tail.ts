import { Command } from 'commander';
import type { MetricRecord } from '../../../core/metrics/record.ts';
import type { MetricsTailRequest, TailedRecords } from '../../../operations/metrics/tail.ts';
import { type Context, displayOf, untilStopped } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, parseCount } from '../../options.ts';
import { perform, printText, printWarnings } from '../../output.ts';
import { formatJsonLine } from '../../text.ts';
import { addFilterOptions, checkStrictly, type FilterFlags, filterOf } from './log-options.ts';
import { metricsOperations, metricsReports } from './operations.ts';

interface TailFlags extends FilterFlags {
  readonly limit: number;
  readonly follow?: boolean;
}

/** `promptv metrics tail [-f]`: the last runs, and those that come. */
export const metricsTailCommand = (
  context: Context,
  run: Run<MetricsTailRequest, TailedRecords> = metricsOperations.tail,
): Command =>
  addFilterOptions(
    new Command('tail')
      .summary('the last runs; with -f also those that come')
      .description(
        'Prints the last runs, the earliest first, one a line; with --json one object a line, as they stand in the log.',
      )
      .argument('[prompts...]', 'the prompts, or their files (default: all)')
      .option('-n, --limit <count>', 'so many', parseCount, 10)
      .option('-f, --follow', 'go on with those that come, until Ctrl-C'),
  )
    .addHelpText(
      'after',
      formatExamples('promptv metrics tail -n 20', 'promptv metrics tail -f --where status=error --json'),
    )
    .action(async (prompts: string[], { limit, follow, ...flags }: TailFlags) => {
      const format = context.json ? formatJsonLine : await forPerson(context);
      const request = {
        ...filterOf(context, prompts, flags),
        limit,
        follow: follow ? untilStopped(context) : undefined,
        onRecord: (record: MetricRecord) => printText(context, format(record)),
      };
      const tailed = await perform(context, run, request);
      await printWarnings(context, tailed.warnings);
      checkStrictly(context, flags, tailed);
    });

const forPerson = async (context: Context): Promise<(record: MetricRecord) => string> => {
  const format = await metricsReports.recordLine();
  return (record) => format(record, displayOf(context));
};

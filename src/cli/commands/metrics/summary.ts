import { Command, Option } from 'commander';
import type { MetricsSummaryRequest, MetricsSummaryResult } from '../../../operations/metrics/summary.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { addFilterOptions, checkStrictly, collectNames, type FilterFlags, filterOf } from './log-options.ts';
import { metricsOperations, metricsReports } from './operations.ts';

interface SummaryFlags extends FilterFlags {
  readonly by?: readonly string[];
  readonly metric?: readonly string[];
  readonly tz?: string;
}

/** `promptv metrics summary [NAME…]`: the figures of the log. */
export const metricsSummaryCommand = (
  context: Context,
  run: Run<MetricsSummaryRequest, MetricsSummaryResult> = metricsOperations.summary,
): Command =>
  addFilterOptions(
    new Command('summary')
      .summary('success, latency, cost and quality, by prompt or any other field')
      .description(
        'Summarises the metrics log by groups: runs, errors, cost, and of every metric mean, spread and quantiles. ' +
          'With --by model it names the fastest, cheapest, best and most reliable one where the difference is more ' +
          'than noise. Lines that cannot be read are left out and named.',
      )
      .argument('[prompts...]', 'the prompts, or their files (default: all)')
      .addOption(
        new Option(
          '--by <fields>',
          'group by version, environment, model, variant, region, hour, day, week, month, meta.KEY … (default: prompt)',
        ).argParser(collectNames),
      ),
  )
    .addOption(
      new Option('--metric <name>', 'only this metric, in full; may be repeated').argParser(collectNames),
    )
    .addOption(textOption('--tz <area>', 'the time zone of hours, days, weeks and months (default: UTC)'))
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics summary support/triage --by version --since 7d',
        'promptv metrics summary --by model --where environment=production --metric latency_ms',
      ),
    )
    .action(async (prompts: string[], { by, metric, tz, ...flags }: SummaryFlags) => {
      const request = { ...filterOf(context, prompts, flags), by, only: metric, timeZone: tz };
      const result = await perform(context, run, request);
      await printResult(context, result, {
        load: metricsReports.summary,
        options: { hasChosen: metric !== undefined },
      });
      checkStrictly(context, flags, result.coverage);
    });

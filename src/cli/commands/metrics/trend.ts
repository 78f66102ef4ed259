import { Command, Option } from 'commander';
import type { MetricsTrendRequest, MetricsTrendResult } from '../../../operations/metrics/trend.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { addScopeOptions, checkStrictly, type FilterFlags, type ScopeFlags, scopeOf } from './log-options.ts';
import { metricsOperations, metricsReports } from './operations.ts';
import { confidenceOption, parseSteps } from './options.ts';

interface TrendFlags
  extends Pick<MetricsTrendRequest, 'metric' | 'bucket' | 'by' | 'forecast' | 'confidence'>,
    FilterFlags,
    ScopeFlags {
  readonly tz?: string;
}

/** `promptv metrics trend [NAME] --metric M`: how a metric went over time. */
export const metricsTrendCommand = (
  context: Context,
  run: Run<MetricsTrendRequest, MetricsTrendResult> = metricsOperations.trend,
): Command =>
  addScopeOptions(new Command('trend'))
    .summary('how a metric goes over time, and where versions changed it')
    .description(
      'Shows the mean of a metric by hour, day or week with a straight line through it: its slope with an interval, ' +
        'whether it gets better or worse, and what the versions of the prompt changed.',
    )
    .argument('[name]', 'the prompt, or its file (default: all prompts)')
    .addOption(textOption('--metric <name>', 'the metric, or error_rate').makeOptionMandatory())
    .addOption(new Option('--bucket <span>', 'the buckets').choices(['hour', 'day', 'week']).default('day'))
    .addOption(new Option('--by <field>', 'a line for each').choices(['type', 'version']))
    .addOption(new Option('--forecast <count>', 'go on for so many buckets').argParser(parseSteps))
    .addOption(
      textOption('--tz <area>', 'the time zone of the buckets, such as Europe/Berlin (default: UTC)'),
    )
    .addOption(textOption('--since <time>', 'a span ago (7d) or a time (default: 30d)'))
    .addOption(textOption('--until <time>', 'the same (default: now)'))
    .addOption(confidenceOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics trend support/triage --metric latency_ms --forecast 7',
        'promptv metrics trend --metric cost_usd --bucket week --by type --since 90d',
      ),
    )
    .action(async (name: string | undefined, flags: TrendFlags) => {
      const { tz, env, strict, ...rest } = flags;
      const request = { ...rest, name, timeZone: tz, ...scopeOf(context, flags) };
      const result = await perform(context, run, request);
      await printResult(context, result, { load: metricsReports.trend });
      checkStrictly(context, flags, result.coverage);
    });

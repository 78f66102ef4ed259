import { Command } from 'commander';
import type { MetricsCompareRequest, MetricsCompareResult } from '../../../operations/metrics/compare.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { addScopeOptions, checkStrictly, type ScopeFlags, scopeOf } from './log-options.ts';
import { metricsOperations, metricsReports } from './operations.ts';
import { confidenceOption, metricOption } from './options.ts';

type CompareFlags = Pick<MetricsCompareRequest, 'metric' | 'distribution' | 'confidence'> & ScopeFlags;

/** `promptv metrics compare NAME A B`: whether B is better or worse than A. */
export const metricsCompareCommand = (
  context: Context,
  run: Run<MetricsCompareRequest, MetricsCompareResult> = metricsOperations.compare,
): Command =>
  addScopeOptions(new Command('compare'))
    .summary('whether one version, or period, is better or worse than another')
    .description(
      'Compares the records of two versions or periods of a prompt, metric by metric: the change, its confidence ' +
        'interval and a verdict, which takes more than chance and knows which way a metric is better.',
    )
    .argument('<name>', 'the prompt, or its file')
    .argument('<a>', 'a version (1.2.0, latest, an environment) or a period (14d..7d, 2026-03-01)')
    .argument('<b>', 'what to compare it with')
    .addOption(metricOption('a metric to compare (default: all, and error_rate)'))
    .option('--distribution', 'compare the whole distributions too (Kolmogorov and Smirnov)')
    .addOption(confidenceOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics compare support/triage 1.0.0 1.1.0',
        'promptv metrics compare support/triage 14d..7d 7d --metric latency_ms --distribution',
      ),
    )
    .action(async (name: string, a: string, b: string, flags: CompareFlags) => {
      const { metric, distribution, confidence } = flags;
      const request = { name, a, b, metric, distribution, confidence, ...scopeOf(context, flags) };
      const result = await perform(context, run, request);
      await printResult(context, result, { load: metricsReports.compare });
      checkStrictly(context, flags, result.coverage);
    });

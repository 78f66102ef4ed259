import { Command } from 'commander';
import type { Context } from '../context.ts';
import { formatExamples } from '../options.ts';
import { metricsCompareCommand } from './metrics/compare.ts';
import { metricsRegressCommand } from './metrics/regress.ts';

/** `promptv metrics VERB`: the log of runs, and what it says. */
export const metricsCommand = (context: Context): Command =>
  new Command('metrics')
    .description('The log of what every run of a prompt took and gave, and what it says.')
    .addCommand(metricsCompareCommand(context))
    .addCommand(metricsRegressCommand(context))
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics compare support/triage 1.0.0 1.1.0',
        'promptv metrics compare support/triage 14d..7d 7d --metric latency_ms',
      ),
    );

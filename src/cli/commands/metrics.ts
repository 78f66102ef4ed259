import { Command } from 'commander';
import type { Context } from '../context.ts';
import { formatExamples } from '../options.ts';
import { metricsCheckCommand } from './metrics/check.ts';
import { metricsCompareCommand } from './metrics/compare.ts';
import { metricsErrorsCommand } from './metrics/errors.ts';
import { metricsExportCommand } from './metrics/export.ts';
import { metricsImportCommand } from './metrics/import.ts';
import { metricsPruneCommand } from './metrics/prune.ts';
import { metricsRecordCommand } from './metrics/record.ts';
import { metricsRegressCommand } from './metrics/regress.ts';
import { metricsSummaryCommand } from './metrics/summary.ts';
import { metricsTailCommand } from './metrics/tail.ts';
import { metricsTrendCommand } from './metrics/trend.ts';

/** `promptv metrics VERB`: the log of what runs did, and its reading. */
export const metricsCommand = (context: Context): Command =>
  new Command('metrics')
    .description('The append-only log of what every run of a prompt did, and what it says.')
    .addCommand(metricsRecordCommand(context))
    .addCommand(metricsSummaryCommand(context))
    .addCommand(metricsErrorsCommand(context))
    .addCommand(metricsTailCommand(context))
    .addCommand(metricsImportCommand(context))
    .addCommand(metricsExportCommand(context))
    .addCommand(metricsPruneCommand(context))
    .addCommand(metricsCompareCommand(context))
    .addCommand(metricsTrendCommand(context))
    .addCommand(metricsCheckCommand(context))
    .addCommand(metricsRegressCommand(context))
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics record support/triage --metric latency_ms=812 --status success',
        'promptv metrics summary support/triage --by version --since 7d',
      ),
    );

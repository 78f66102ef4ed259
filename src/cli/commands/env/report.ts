import { Command } from 'commander';
import type { EnvReportRequest, EnvReportResult } from '../../../operations/env/report.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, readBranchOption, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { envOperations, envReports } from './operations.ts';

/** `promptv env report [--since TIME]`: how delivery goes. */
export const envReportCommand = (
  context: Context,
  run: Run<EnvReportRequest, EnvReportResult> = envOperations.report,
): Command =>
  new Command('report')
    .summary('how delivery goes: success and durations')
    .description(
      'Reports the share of prompts with versions and, of each environment, how many deployments and ' +
        'rollbacks succeeded and how long they took.',
    )
    .addOption(textOption('--since <time>', 'only what happened since: a date, a local time or ISO 8601'))
    .addOption(readBranchOption())
    .addHelpText('after', formatExamples('promptv env report', 'promptv env report --since 2026-01-01'))
    .action(async ({ since, branch }: EnvReportRequest) => {
      const result = await perform(context, run, { since, branch });
      await printResult(context, result, { load: envReports.report });
    });

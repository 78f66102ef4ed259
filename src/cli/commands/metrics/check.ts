import { Command } from 'commander';
import type { MetricsCheckRequest, MetricsCheckResult } from '../../../operations/metrics/check.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Run } from '../../operations.ts';
import { formatExamples } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { addScopeOptions, checkStrictly, type ScopeFlags, scopeOf } from './log-options.ts';
import { metricsOperations, metricsReports } from './operations.ts';

/** `promptv metrics check`: whether anything is on fire; exit 3 unless it surely is not. */
export const metricsCheckCommand = (
  context: Context,
  run: Run<MetricsCheckRequest, MetricsCheckResult> = metricsOperations.check,
): Command =>
  addScopeOptions(new Command('check'))
    .summary('the alerts that fire now, for a monitor or a script')
    .description(
      'Judges the alerts of the configuration and the built-in ones: rates, latencies, rises against the period and ' +
        'the version before, daily budgets, approvals that wait. Ends with 3 if one fires, and also if there is too ' +
        'little data to judge.',
    )
    .addHelpText(
      'after',
      formatExamples('promptv metrics check', 'promptv metrics check --env production --json'),
    )
    .action(async (flags: ScopeFlags) => {
      const result = await perform(context, run, scopeOf(context, flags));
      await printResult(context, result, { load: metricsReports.check });
      checkStrictly(context, flags, result.coverage);
      if (result.verdict !== 'passed') context.exitCode = exitCodes.refused;
    });

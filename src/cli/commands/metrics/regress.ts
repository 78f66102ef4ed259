import { Command, InvalidArgumentError, Option } from 'commander';
import { type RegressionTest, regressionTests } from '../../../core/metrics/regression.ts';
import type { MetricsRegressRequest, MetricsRegressResult } from '../../../operations/metrics/regress.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { addScopeOptions, checkStrictly, type LogFlags, type ScopeFlags, scopeOf } from './log-options.ts';
import { metricsOperations, metricsReports } from './operations.ts';
import { confidenceOption, metricOption, parseAmount } from './options.ts';

interface RegressFlags
  extends Omit<MetricsRegressRequest, 'name' | 'environment' | 'tests' | keyof LogFlags>,
    ScopeFlags {
  readonly test?: readonly RegressionTest[];
}

const parseTests = (value: string): readonly RegressionTest[] => {
  const words = value.split(',').map((word) => word.trim());
  const tests = regressionTests.filter((test) => words.includes(test));
  if (tests.length === 0 || words.some((word) => !regressionTests.some((test) => test === word)))
    throw new InvalidArgumentError(
      `Allowed are ${regressionTests.join(', ')}, or both with a comma between.`,
    );
  return tests;
};

/** `promptv metrics regress NAME --baseline A --current B`: whether it got worse; exit 3 unless it surely did not. */
export const metricsRegressCommand = (
  context: Context,
  run: Run<MetricsRegressRequest, MetricsRegressResult> = metricsOperations.regress,
): Command =>
  addScopeOptions(new Command('regress'))
    .summary('whether a prompt got worse, for a script that has to decide')
    .description(
      'Ends with 3 if a metric got worse from the baseline to the current side, beyond chance and by an effect ' +
        'that is large enough, and also if there is too little data to say.',
    )
    .argument('<name>', 'the prompt, or its file')
    .addOption(textOption('--baseline <side>', 'a version, or a period (14d..7d)').makeOptionMandatory())
    .addOption(textOption('--current <side>', 'a version, or a period (7d)').makeOptionMandatory())
    .addOption(metricOption('a metric to judge (default: all of the baseline, and error_rate)'))
    .addOption(
      new Option(
        '--direction <direction>',
        "the change that counts (default: the metric's bad direction)",
      ).choices(['increase', 'decrease', 'both']),
    )
    .addOption(confidenceOption())
    .addOption(
      new Option('--min-effect <d>', "the least Cohen's d that counts (default: 0.5)").argParser(parseAmount),
    )
    .addOption(new Option('--test <tests>', 'welch, mann-whitney (default: both)').argParser(parseTests))
    .addOption(
      new Option('--outlier-threshold <z>', 'modified z-score of an outlier (default: 3)').argParser(
        parseAmount,
      ),
    )
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics regress support/triage --baseline 1.0.0 --current 1.1.0',
        'promptv metrics regress support/triage --baseline 14d..7d --current 7d --metric latency_ms',
      ),
    )
    .action(async (name: string, flags: RegressFlags) => {
      const { env, strict, test, ...rest } = flags;
      const request = { ...rest, name, tests: test, ...scopeOf(context, flags) };
      const result = await perform(context, run, request);
      await printResult(context, result, { load: metricsReports.regress });
      checkStrictly(context, flags, result.coverage);
      if (result.verdict !== 'no regression') context.exitCode = exitCodes.refused;
    });

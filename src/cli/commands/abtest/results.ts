import { Command } from 'commander';
import type { AbtestResultsRequest, AbtestResultsResult } from '../../../operations/abtest/results.ts';
import type { AbtestWatchRequest } from '../../../operations/abtest/watch.ts';
import { type Context, displayOf, untilStopped } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, parseCount, readBranchOption, textOption, usageError } from '../../options.ts';
import { perform, printResult, printText } from '../../output.ts';
import { formatJsonLine } from '../../text.ts';
import { checkStrictly, logOf } from '../metrics/log-options.ts';
import { metricOption } from '../metrics/options.ts';
import { abtestOperations, abtestReports } from './operations.ts';

interface ResultsFlags extends Pick<AbtestResultsRequest, 'metric' | 'phase' | 'branch'> {
  readonly fixed?: boolean;
  readonly sequential?: boolean;
  readonly watch?: boolean;
  readonly metrics?: string;
  readonly strict?: boolean;
}

interface ResultsRuns {
  readonly results: Run<AbtestResultsRequest, AbtestResultsResult>;
  readonly watch: Run<AbtestWatchRequest, void>;
}

/** `promptv abtest results ID`: exit 3 unless a decision stands. */
export const abtestResultsCommand = (context: Context, run: ResultsRuns = abtestOperations): Command =>
  new Command('results')
    .summary('what an experiment says now: a verdict, and what it rests on')
    .description(
      'Checks first whether the experiment can be believed, then compares every metric of every variant with the ' +
        'control, judges the guardrails and gives a verdict in one sentence. The results may be looked at any time: ' +
        'their intervals hold at every look at once. Ends with 3 unless a decision stands (ship, keep-control, ' +
        'reject, equivalent).',
    )
    .argument('<id>', 'the experiment')
    .addOption(
      metricOption('only this metric; one that the experiment does not have is shown, but decides nothing'),
    )
    .option('--sequential', 'intervals that hold however often one looks (default)')
    .option('--fixed', 'the classical tests, for one look at the planned number of units')
    .option('--phase <number>', 'the phase before the weights were changed (default: the last)', parseCount)
    .option('--watch', 'go on, and show the results again when they change, until Ctrl-C')
    .addOption(readBranchOption())
    .addOption(textOption('--metrics <file>', 'read this file of records instead of the log; - is stdin'))
    .option('--strict', 'end with 3 when a line of the log cannot be read')
    .addHelpText(
      'after',
      formatExamples('promptv abtest results tone', 'promptv abtest results tone --fixed --json'),
    )
    .action(async (id: string, flags: ResultsFlags) => {
      const { metric, phase, branch, fixed, sequential, watch, metrics } = flags;
      if (fixed && sequential)
        throw usageError('--fixed and --sequential exclude each other.', 'Leave one out.');
      const mode = fixed ? ('fixed' as const) : ('sequential' as const);
      const request = { id, metric, phase, branch, mode, metrics: logOf(context, metrics) };
      if (watch) return watchResults(context, run.watch, request);
      const result = await perform(context, run.results, request);
      await printResult(context, result, { load: abtestReports.results });
      if (!result.isDecided) context.exitCode = exitCodes.refused;
      checkStrictly(context, flags, result.coverage);
    });

const watchResults = async (
  context: Context,
  run: ResultsRuns['watch'],
  request: AbtestResultsRequest,
): Promise<void> => {
  if (typeof request.metrics === 'object')
    throw usageError('What comes on stdin cannot be watched.', 'Leave out --watch, or name a file.');
  const show = context.json ? formatJsonLine : await forPerson(context);
  await perform(context, run, {
    ...request,
    until: untilStopped(context),
    onResult: (result: AbtestResultsResult) => printText(context, show(result)),
  });
};

/** On a terminal each result takes the place of the one before. */
const forPerson = async (context: Context): Promise<(result: AbtestResultsResult) => string> => {
  const format = await abtestReports.results();
  const clear = context.stdout.isTTY ? '\u001B[H\u001B[2J' : '';
  return (result) => `${clear}${format(result, displayOf(context))}\n`;
};

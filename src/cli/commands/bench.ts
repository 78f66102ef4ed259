import { Command, InvalidArgumentError, Option } from 'commander';
import type { Threshold } from '../../core/testing/benchmark.ts';
import type { BenchRequest, BenchResult } from '../../operations/bench.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples, parseCount } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

interface BenchFlags {
  readonly iterations?: number;
  readonly max?: readonly Threshold[];
}

const figures = ['mean', 'p50', 'p95', 'p99', 'max', 'cpu', 'memory'];

const collectThreshold = (entry: string, before: readonly Threshold[] = []): readonly Threshold[] => {
  const [figure = '', value = '', ...rest] = entry.split('=');
  const max = Number(value);
  if (
    !figures.includes(figure) ||
    rest.length > 0 ||
    value.trim() === '' ||
    !(max >= 0 && Number.isFinite(max))
  )
    throw new InvalidArgumentError(`Write FIGURE=NUMBER with one of ${figures.join(', ')}.`);
  return [...before, { figure, max }];
};

/** `promptv bench NAME`: exit 3 if a threshold is not kept. */
export const benchCommand = (
  context: Context,
  run: Run<BenchRequest, BenchResult> = operations.bench,
): Command =>
  new Command('bench')
    .description(
      'Renders each test case of a prompt many times and shows what it costs: time, processor, memory. Ends with 3 if a ' +
        'threshold of --max is not kept.',
    )
    .argument('<ref>', 'a prompt, such as support/triage or support/triage@1.2.0')
    .addOption(new Option('--iterations <n>', 'renderings of each case (default: 100)').argParser(parseCount))
    .addOption(
      new Option(
        '--max <figure=number>',
        'the most allowed: mean, p50, p95, p99, max (ms), cpu (ms), memory (MB of heap); may be repeated',
      ).argParser(collectThreshold),
    )
    .addHelpText(
      'after',
      formatExamples(
        'promptv bench support/triage',
        'promptv bench support/triage --iterations 1000 --max p95=2',
      ),
    )
    .action(async (ref: string, { iterations, max }: BenchFlags) => {
      const result = await perform(context, run, { ref, iterations, thresholds: max });
      await printResult(context, result, { load: reports.bench });
      if (!result.passed) context.exitCode = exitCodes.refused;
    });

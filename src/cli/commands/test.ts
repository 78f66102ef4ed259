import { Command, InvalidArgumentError, Option } from 'commander';
import type { TestRequest, TestResult } from '../../operations/test.ts';
import type { ReporterChoice } from '../../report/checks/reporter-names.ts';
import { performCheck, printCheck, reporterOption } from '../check-output.ts';
import { type Context, displayOf } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples, parseCount, parseText, textOption, usageError } from '../options.ts';
import { perform, printText, printWarnings } from '../output.ts';
import { reports } from '../reports.ts';

interface TestFlags
  extends Omit<TestRequest, 'refs' | 'environments' | 'models' | 'timeoutMs' | 'onProgress'> {
  readonly env?: readonly string[];
  readonly model?: readonly string[];
  readonly timeout?: number;
  readonly reporter: ReporterChoice;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  parseText(value),
];

const parseWorkers = (value: string): number => {
  const count = parseCount(value);
  if (count > 10) throw new InvalidArgumentError('At most 10.');
  return count;
};

/** `promptv test [NAME…]`: exit 3 if a test fails, or a comparison says worse. */
export const testCommand = (context: Context, run: Run<TestRequest, TestResult> = operations.test): Command =>
  new Command('test')
    .description(
      'Runs the tests of prompts (default: of all): renders them and, with a provider, asks it and judges the answer. ' +
        'Ends with 3 if a test fails. The only check that runs programs and opens connections that the configuration names.',
    )
    .argument('[prompts...]', 'prompts, such as support/triage or support/triage@1.2.0')
    .addOption(
      new Option('--env <environment>', 'test as this environment does; may be repeated').argParser(collect),
    )
    .addOption(new Option('--model <model>', 'the model to ask; may be repeated').argParser(collect))
    .addOption(
      textOption('--provider <name>', 'who answers, of test.providers; none: test the rendering alone'),
    )
    .addOption(textOption('--compare <ref>', 'run the cases on this version too, and test the difference'))
    .addOption(reporterOption())
    .addOption(
      new Option('--parallel <n>', 'tests at the same time, at most 10 (default: 4)').argParser(parseWorkers),
    )
    .addOption(new Option('--timeout <ms>', 'for each test (default: 30000)').argParser(parseCount))
    .option('--bail', 'start no more tests after the first that fails')
    .option('--pass-with-no-tests', 'pass if no prompt has a test')
    .addOption(textOption('--record <dir>', 'keep the answers there, for a provider of the type replay'))
    .option('--update', 'accept the texts that snapshots are compared with')
    .option('--dry-run', 'run everything and write nothing: no results, no snapshots, no recordings')
    .addHelpText(
      'after',
      formatExamples('promptv test', 'promptv test support/triage --provider openai --compare production'),
    )
    .action(async (refs: string[], { env, model, timeout, reporter, ...flags }: TestFlags) => {
      if (flags.record !== undefined && flags.provider === 'none')
        throw usageError(
          'There is nothing to record with --provider none.',
          'Name a provider, or leave out --record.',
        );
      const request = { refs, environments: env, models: model, timeoutMs: timeout, ...flags };
      const result = await performCheck(context, { check: 'test', reporter }, () =>
        perform(context, run, request),
      );
      await printWarnings(context, result.warnings);
      await printCheck(context, result, reporter);
      if (!context.json && reporter === 'pretty') await printTables(context, result);
    });

const printTables = async (context: Context, result: TestResult): Promise<void> => {
  if (result.targets.length < 2 && result.comparisons.length === 0) return;
  const format = await reports.testTables();
  printText(context, `${context.stdout.isTTY ? '\n' : ''}${format(result, displayOf(context))}`);
};

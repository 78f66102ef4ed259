import { Command, Option } from 'commander';
import type { LogRequest, LogResult } from '../../operations/log.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples, parseCount, usageError } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

interface LogFlags {
  readonly format: 'table' | 'markdown';
  readonly limit?: number;
}

/** `promptv log [NAME [FROM..TO]]`: versions, highest first. */
export const logCommand = (context: Context, run: Run<LogRequest, LogResult> = operations.log): Command =>
  new Command('log')
    .description('Shows the versions of a prompt, highest first; without a name those of all, newest first.')
    .argument('[prompt]', 'a prompt, or its file')
    .argument('[range]', 'FROM..TO: the versions after FROM, up to and including TO (also latest, next)')
    .addOption(new Option('-n, --limit <count>', 'show at most so many').argParser(parseCount))
    .addOption(
      new Option('--format <format>', 'markdown writes a changelog')
        .choices(['table', 'markdown'])
        .default('table'),
    )
    .addHelpText(
      'after',
      formatExamples(
        'promptv log support/triage -n 5',
        'promptv log support/triage 1.0.0..2.0.0 --format markdown',
      ),
    )
    .action(async (name: string | undefined, range: string | undefined, { limit, format }: LogFlags) => {
      assertNamedBeforeRange(name);
      const result = await perform(context, run, { name, range, limit });
      const complete = range === undefined && limit === undefined;
      if (format === 'markdown') await printResult(context, result, { load: reports.changelog });
      else await printResult(context, result, { load: reports.log, options: { complete } });
    });

/** No name holds `..`; a path may begin with it. */
const assertNamedBeforeRange = (name: string | undefined): void => {
  if (name === undefined || !/^[^./][^/]*\.\.[^/]+$/.test(name)) return;
  throw usageError(
    `The range ${name} stands where the prompt is named.`,
    `Name the prompt first: "promptv log NAME ${name}".`,
  );
};

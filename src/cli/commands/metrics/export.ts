import { Command, Option } from 'commander';
import type { Context } from '../../context.ts';
import { formatExamples } from '../../options.ts';
import { perform, printText, printWarnings } from '../../output.ts';
import { addFilterOptions, checkStrictly, type FilterFlags, filterOf } from './log-options.ts';
import { metricsOperations } from './operations.ts';

/** `promptv metrics export`: records as a file to keep, or for another tool. */
export const metricsExportCommand = (context: Context, run = metricsOperations.export): Command =>
  addFilterOptions(
    new Command('export')
      .summary('print records as JSON lines or CSV')
      .description(
        'Prints the records of the log, each id once, as JSON lines that every command reads with --metrics, or as ' +
          'CSV. What cannot be read is left out and named on stderr.',
      )
      .argument('[prompts...]', 'the prompts, or their files (default: all)')
      .addOption(new Option('--format <format>', 'how').choices(['jsonl', 'csv']).default('jsonl')),
  )
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics export --since 7d > week.jsonl',
        'promptv metrics export support/triage --format csv > triage.csv',
      ),
    )
    .action(
      async (prompts: string[], { format, ...flags }: FilterFlags & { readonly format: 'jsonl' | 'csv' }) => {
        const write = (text: string): void => printText(context, text);
        const { warnings, skipped } = await perform(context, run, {
          ...filterOf(context, prompts, flags),
          format,
          write,
        });
        await printWarnings(context, warnings);
        checkStrictly(context, flags, { skipped });
      },
    );

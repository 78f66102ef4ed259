import { Command } from 'commander';
import type { InitRequest, InitResult } from '../../operations/init.ts';
import type { Context } from '../context.ts';
import { operations, type Run, reports } from '../operations.ts';
import { dryRunOption, formatExamples } from '../options.ts';
import { perform, printResult } from '../output.ts';

/** `promptv init`: sets up the repository; works without a configuration. */
export const initCommand = (context: Context, run: Run<InitRequest, InitResult> = operations.init): Command =>
  new Command('init')
    .description(
      'Writes the configuration, the lines for .gitignore and the prompts directory, overwriting nothing, ' +
        'and says what the host of the repository must be told to protect.',
    )
    .option('--example', 'add a first prompt to play with')
    .addOption(dryRunOption())
    .addHelpText('after', formatExamples('promptv init --example', 'promptv init --dry-run'))
    .action(async ({ example, dryRun }: InitRequest) => {
      const result = await perform(context, run, { example, dryRun });
      await printResult(context, result, { load: reports.init, isChange: true });
    });

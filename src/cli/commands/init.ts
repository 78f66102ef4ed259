import { Command } from 'commander';
import type { InitRequest, InitResult } from '../../operations/init.ts';
import type { Context } from '../context.ts';
import { operations, type Run, reports } from '../operations.ts';
import { dryRunOption, formatExamples } from '../options.ts';
import { perform, printResult } from '../output.ts';

interface InitFlags extends Omit<InitRequest, 'hooks'> {
  readonly hooks?: boolean;
}

/** `promptv init`: sets up the repository; works without a configuration. */
export const initCommand = (context: Context, run: Run<InitRequest, InitResult> = operations.init): Command =>
  new Command('init')
    .description(
      'Writes the configuration, the lines for .gitignore and the prompts directory, overwriting nothing, ' +
        'and says what the host of the repository must be told to protect.',
    )
    .option('--example', 'add a first prompt to play with')
    .option('--hooks', 'install the git hooks, as "promptv hooks install" does')
    .addOption(dryRunOption())
    .addHelpText('after', formatExamples('promptv init --example --hooks', 'promptv init --dry-run'))
    .action(async ({ example, hooks, dryRun }: InitFlags) => {
      const program = hooks ? context.program : undefined;
      const result = await perform(context, run, { example, hooks: program, dryRun });
      await printResult(context, result, { load: reports.init, isChange: true });
    });

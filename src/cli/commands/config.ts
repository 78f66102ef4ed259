import { Command } from 'commander';
import type { ConfigShowResult } from '../../operations/config-show.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv config show`: every key with the value in force and where it comes from. */
export const configCommand = (
  context: Context,
  run: Run<object, ConfigShowResult> = operations.showConfig,
): Command =>
  new Command('config')
    .description('The configuration: .promptrc.yaml, .yml or .json, or the key "promptv" of package.json.')
    .addCommand(
      new Command('show')
        .summary('print every key with the value in force')
        .description('Prints every key with the value in force and where it comes from.')
        .addHelpText('after', formatExamples('promptv config show', 'promptv config show --json'))
        .action(async () => {
          const result = await perform(context, run, {});
          await printResult(context, result, { load: reports.showConfig });
        }),
    )
    .addHelpText('after', formatExamples('promptv config show', 'promptv config show --config other.yaml'));

import { Command } from 'commander';
import type { EnvListResult } from '../../../operations/env/list.ts';
import type { Context } from '../../context.ts';
import { operations, type Run, reports } from '../../operations.ts';
import { formatExamples } from '../../options.ts';
import { perform, printResult } from '../../output.ts';

/** `promptv env list`: prompts by environments. */
export const envListCommand = (
  context: Context,
  run: Run<object, EnvListResult> = operations.envList,
): Command =>
  new Command('list')
    .summary('every prompt with what it runs where')
    .description('Lists every prompt with its latest version and the version that each environment runs.')
    .addHelpText('after', formatExamples('promptv env list', 'promptv env list --json'))
    .action(async () => {
      const result = await perform(context, run, {});
      await printResult(context, result, { load: reports.envList });
    });

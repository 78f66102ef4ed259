import { Command } from 'commander';
import type { StatusRequest, StatusResult } from '../../operations/status.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv status [NAME…]`: what a save would version. */
export const statusCommand = (
  context: Context,
  run: Run<StatusRequest, StatusResult> = operations.status,
): Command =>
  new Command('status')
    .description(
      'Shows what differs from the latest version of each prompt, with the impact on callers and the ' +
        'version that save would give; and the rollouts under way.',
    )
    .argument('[prompts...]', 'prompts, or their files')
    .option('--staged', 'read what git is about to commit, not the files on disk')
    .addHelpText('after', formatExamples('promptv status', 'promptv status support/triage --staged'))
    .action(async (names: string[], { staged }: Omit<StatusRequest, 'names'>) => {
      const result = await perform(context, run, { names, staged });
      await printResult(context, result, { load: reports.status });
    });

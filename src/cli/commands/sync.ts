import { Command } from 'commander';
import type { SyncRequest, SyncResult } from '../../operations/sync.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { dryRunOption, formatExamples, remoteOption } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv sync`: brings the versions of this clone in line with the remote's. */
export const syncCommand = (context: Context, run: Run<SyncRequest, SyncResult> = operations.sync): Command =>
  new Command('sync')
    .description(
      "Fetches the prompts' tags, compares them with those here, and renumbers own versions that were " +
        'not pushed and whose number is taken.',
    )
    .option('--tags', 'only fetch the tags')
    .addOption(remoteOption())
    .addOption(dryRunOption())
    .addHelpText('after', formatExamples('promptv sync', 'promptv sync --tags --remote upstream'))
    .action(async ({ tags, remote, dryRun }: Omit<SyncRequest, 'tagsOnly'> & { tags?: boolean }) => {
      const result = await perform(context, run, { tagsOnly: tags, remote, dryRun });
      await printResult(context, result, { load: reports.sync, isChange: true });
    });

import { Command } from 'commander';
import type { RenameRequest, RenameResult } from '../../operations/rename.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { addCommitOptions, formatExamples } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv rename OLD NEW`: moves a prompt, its tests and the references to it in one commit. */
export const renameCommand = (
  context: Context,
  run: Run<RenameRequest, RenameResult> = operations.rename,
): Command =>
  addCommitOptions(
    new Command('rename')
      .description(
        "Moves the prompt's file and tests and rewrites the references to it, in one commit. The next " +
          "save of the new name continues the old one's numbers.",
      )
      .argument('<old>', 'the prompt')
      .argument('<new>', 'its new name'),
  )
    .addHelpText(
      'after',
      formatExamples(
        'promptv rename support/triage support/sorting',
        'promptv rename triage support/triage --dry-run',
      ),
    )
    .action(async (from: string, to: string, flags: Omit<RenameRequest, 'from' | 'to'>) => {
      const { message, author, push, remote, verify, dryRun } = flags;
      const request = { from, to, message, author, push, remote, verify, dryRun };
      const result = await perform(context, run, request);
      await printResult(context, result, { load: reports.rename, isChange: true });
    });

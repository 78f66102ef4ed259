import { Command } from 'commander';
import type { RestoreRequest, RestoreResult } from '../../operations/restore.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { dryRunOption, formatExamples } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv restore REF`: writes a version's text into the working file. */
export const restoreCommand = (
  context: Context,
  run: Run<RestoreRequest, RestoreResult> = operations.restore,
): Command =>
  new Command('restore')
    .description(
      "Puts a version's text back into the prompt's file. A text that no version holds is not overwritten.",
    )
    .argument('<ref>', 'NAME (its latest version) or NAME@SELECTOR')
    .option('-f, --force', 'overwrite a text that no version holds')
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples('promptv restore support/triage@1.2.0', 'promptv restore support/triage --force'),
    )
    .action(async (ref: string, { force, dryRun }: Omit<RestoreRequest, 'ref'>) => {
      const result = await perform(context, run, { ref, force, dryRun });
      await printResult(context, result, { load: reports.restore, isChange: true });
    });

import { Command } from 'commander';
import type { UnsaveRequest, UnsaveResult } from '../../operations/unsave.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { dryRunOption, formatExamples, remoteOption } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv unsave REF`: removes the tag of a version that was not pushed. */
export const unsaveCommand = (
  context: Context,
  run: Run<UnsaveRequest, UnsaveResult> = operations.unsave,
): Command =>
  new Command('unsave')
    .description(
      'Removes the tag of a version, once the remote has said that it does not have it. The file and the ' +
        'commit stay.',
    )
    .argument('<ref>', 'the version, such as support/triage@1.2.0')
    .addOption(remoteOption())
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples('promptv unsave support/triage@1.2.0', 'promptv unsave support/triage@latest --dry-run'),
    )
    .action(async (ref: string, { remote, dryRun }: Omit<UnsaveRequest, 'ref'>) => {
      const result = await perform(context, run, { ref, remote, dryRun });
      await printResult(context, result, { load: reports.unsave, isChange: true });
    });

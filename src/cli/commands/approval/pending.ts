import { Command } from 'commander';
import type { PendingRequest, PendingResult } from '../../../operations/approval/pending.ts';
import type { TellOptions, Told } from '../../../operations/delivery/follow-up.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, readBranchOption, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { approvalReports } from './operations.ts';

interface PendingFlags {
  readonly approver?: string;
  readonly env?: string;
  readonly branch?: string;
  readonly notify?: boolean;
}

/** `promptv approval pending`. */
export const pendingCommand = (
  context: Context,
  run: Run<PendingRequest & TellOptions, PendingResult & Told>,
): Command =>
  new Command('pending')
    .summary('list what waits for a decision')
    .description('Lists every stage that waits for a decision, longest first, with what is overdue.')
    .addOption(textOption('--approver <email>', 'only what this person may decide and has not'))
    .addOption(textOption('--env <environment>', 'only this environment'))
    .addOption(readBranchOption())
    .option('--notify', 'tell the sinks of "notify" what is overdue')
    .addHelpText(
      'after',
      formatExamples(
        'promptv approval pending',
        'promptv approval pending --approver ada@example.com --env production',
      ),
    )
    .action(async ({ approver, env, branch, notify }: PendingFlags) => {
      const result = await perform(context, run, { approver, environment: env, branch, notify });
      await printResult(context, result, { load: approvalReports.pending });
    });

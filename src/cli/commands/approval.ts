import { Command } from 'commander';
import type { Context } from '../context.ts';
import { formatExamples } from '../options.ts';
import { approveCommand, rejectCommand } from './approval/decide.ts';
import { type ApprovalOperations, approvalOperations } from './approval/operations.ts';
import { pendingCommand } from './approval/pending.ts';
import { approvalStatusCommand } from './approval/status.ts';
import { submitCommand } from './approval/submit.ts';

/** `promptv approval submit|approve|reject|status|pending`. */
export const approvalCommand = (context: Context, run: ApprovalOperations = approvalOperations): Command =>
  new Command('approval')
    .description(
      'Approval of versions in the stages of an environment. Each decision is a file and a commit of its own.',
    )
    .addCommand(submitCommand(context, run.submit))
    .addCommand(approveCommand(context, run.decide))
    .addCommand(rejectCommand(context, run.decide))
    .addCommand(approvalStatusCommand(context, run.status))
    .addCommand(pendingCommand(context, run.pending))
    .addHelpText(
      'after',
      formatExamples(
        'promptv approval submit support/triage --env production',
        'promptv approval approve support/triage --env production --stage review',
      ),
    );

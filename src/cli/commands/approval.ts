import { Command } from 'commander';
import type { Context } from '../context.ts';
import { operations } from '../operations.ts';
import { formatExamples } from '../options.ts';
import { approveCommand, rejectCommand } from './approval/decide.ts';
import { pendingCommand } from './approval/pending.ts';
import { approvalStatusCommand } from './approval/status.ts';
import { submitCommand } from './approval/submit.ts';

/** What the verbs of `approval` call. */
export type ApprovalOperations = Pick<
  typeof operations,
  'submitApproval' | 'decideApproval' | 'approvalStatus' | 'pendingApprovals'
>;

/** `promptv approval submit|approve|reject|status|pending`. */
export const approvalCommand = (context: Context, run: ApprovalOperations = operations): Command =>
  new Command('approval')
    .description(
      'Approval of versions in the stages of an environment. Each decision is a file and a commit of its own.',
    )
    .addCommand(submitCommand(context, run.submitApproval))
    .addCommand(approveCommand(context, run.decideApproval))
    .addCommand(rejectCommand(context, run.decideApproval))
    .addCommand(approvalStatusCommand(context, run.approvalStatus))
    .addCommand(pendingCommand(context, run.pendingApprovals))
    .addHelpText(
      'after',
      formatExamples(
        'promptv approval submit support/triage --env production',
        'promptv approval approve support/triage --env production --stage review',
      ),
    );

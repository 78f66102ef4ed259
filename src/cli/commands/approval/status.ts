import { Command } from 'commander';
import type { ApprovalStatusRequest, ApprovalStatusResult } from '../../../operations/approval/status.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, readBranchOption, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { approvalReports } from './operations.ts';

interface StatusFlags {
  readonly env?: string;
  readonly branch?: string;
}

/** `promptv approval status REF`. */
export const approvalStatusCommand = (
  context: Context,
  run: Run<ApprovalStatusRequest, ApprovalStatusResult>,
): Command =>
  new Command('status')
    .summary('show who decided what about a version')
    .description('Shows how a version stands in the stages, who decided what, and how that is signed.')
    .argument('<ref>', 'a version; without a selector the latest')
    .addOption(textOption('--env <environment>', 'only this environment'))
    .addOption(readBranchOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv approval status support/triage',
        'promptv approval status support/triage@1.3.0 --env production --json',
      ),
    )
    .action(async (ref: string, { env, branch }: StatusFlags) => {
      const result = await perform(context, run, { ref, environment: env, branch });
      await printResult(context, result, { load: approvalReports.status });
    });

import { Command } from 'commander';
import type { ApprovalResult, SubmitRequest } from '../../../operations/approval/submit.ts';
import type { Decided } from '../../../operations/decide-state.ts';
import type { TellOptions, Told } from '../../../operations/delivery/follow-up.ts';
import type { Context } from '../../context.ts';
import { notifyOption } from '../../follow-options.ts';
import type { Run } from '../../operations.ts';
import { addStateOptions, environmentOption, formatExamples, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { approvalReports } from './operations.ts';

type SubmitFlags = Omit<SubmitRequest, 'ref' | 'environment' | 'onProgress'> &
  TellOptions & { readonly env: string };

/** `promptv approval submit REF --env ENV`. */
export const submitCommand = (
  context: Context,
  run: Run<SubmitRequest & TellOptions, Decided<ApprovalResult> & Told>,
): Command =>
  addStateOptions(
    new Command('submit')
      .summary('ask for the approval of a version')
      .description(
        'Asks for the approval of a version in every stage of an environment. After a rejection, or when the ' +
          'content changed, it asks anew; otherwise a repetition changes nothing.',
      )
      .argument('<ref>', 'a version, such as support/triage@1.3.0; without a selector the latest')
      .addOption(environmentOption())
      .addOption(textOption('--comment <text>', 'what the approvers should know')),
  )
    .addOption(notifyOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv approval submit support/triage --env production',
        'promptv approval submit support/triage@1.3.0 --env production --comment "Asks for the order" --push --notify',
      ),
    )
    .action(async (ref: string, { env, comment, branch, push, remote, dryRun, notify }: SubmitFlags) => {
      const request = { ref, environment: env, comment, branch, push, remote, dryRun, notify };
      const result = await perform(context, run, request);
      await printResult(context, result, { load: approvalReports.submit, isChange: true });
    });

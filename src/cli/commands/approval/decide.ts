import { Command } from 'commander';
import type { DecideRequest, DecideResult } from '../../../operations/approval/decide.ts';
import type { Decided } from '../../../operations/decide-state.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { addStateOptions, environmentOption, formatExamples, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { approvalReports } from './operations.ts';

type DecideFlags = Omit<DecideRequest, 'ref' | 'environment' | 'decision' | 'onProgress'> & {
  readonly env: string;
};

type DecideRun = Run<DecideRequest, Decided<DecideResult>>;

/** `promptv approval approve REF --env ENV --stage S`. */
export const approveCommand = (context: Context, run: DecideRun): Command =>
  decideCommand(context, run, 'approve')
    .summary('approve a version in a stage')
    .description(
      'Writes down that you approve a version in one stage, bound to its content. Who you are is what git says; ' +
        'where the environment is "signed", the commit is signed.',
    );

/** `promptv approval reject REF --env ENV --stage S`. */
export const rejectCommand = (context: Context, run: DecideRun): Command =>
  decideCommand(context, run, 'reject')
    .summary('reject a version in a stage')
    .description('Writes down that you reject a version: it is blocked until it is submitted again.');

const decideCommand = (context: Context, run: DecideRun, decision: DecideRequest['decision']): Command =>
  addStateOptions(
    new Command(decision)
      .argument('<ref>', 'a version, such as support/triage@1.3.0; without a selector the latest')
      .addOption(environmentOption())
      .addOption(textOption('--stage <stage>', 'the stage').makeOptionMandatory())
      .addOption(textOption('--comment <text>', 'why, kept with the decision')),
  )
    .addHelpText(
      'after',
      formatExamples(
        `promptv approval ${decision} support/triage --env production --stage review`,
        `promptv approval ${decision} support/triage@1.3.0 --env production --stage review --comment "Seen" --push`,
      ),
    )
    .action(async (ref: string, { env, ...flags }: DecideFlags) => {
      const { stage, comment, branch, push, remote, dryRun } = flags;
      const request = { ref, environment: env, stage, decision, comment, branch, push, remote, dryRun };
      const result = await perform(context, run, request);
      await printResult(context, result, { load: approvalReports.decide, isChange: true });
    });

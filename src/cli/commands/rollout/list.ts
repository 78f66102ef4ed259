import { Command } from 'commander';
import type { Context } from '../../context.ts';
import { environmentOption, formatExamples, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { type RolloutOperations, rolloutReports } from './operations.ts';

/** `promptv rollout list`. */
export const rolloutListCommand = (context: Context, run: RolloutOperations['list']): Command =>
  new Command('list')
    .summary('the rollouts under way')
    .description('Lists the rollouts under way in every environment, or in one.')
    .addOption(textOption('--env <environment>', 'only this environment'))
    .option('--all', 'also the last one of each prompt that has ended')
    .addHelpText(
      'after',
      formatExamples('promptv rollout list', 'promptv rollout list --env production --all'),
    )
    .action(async ({ env, all }: { readonly env?: string; readonly all?: boolean }) => {
      const result = await perform(context, run, { environment: env, all });
      await printResult(context, result, { load: rolloutReports.list });
    });

/** `promptv rollout history NAME --env ENV`. */
export const rolloutHistoryCommand = (context: Context, run: RolloutOperations['history']): Command =>
  new Command('history')
    .summary('every rollout of a prompt, with all that happened to it')
    .description(
      'Shows every rollout of a prompt in an environment, newest first, each with its events: who or what did ' +
        'something, when and why. With --json also what every gate said then.',
    )
    .argument('<prompt>', 'the prompt, or its file')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv rollout history support/triage --env production',
        'promptv rollout history support/triage --env production --json',
      ),
    )
    .action(async (name: string, { env }: { readonly env: string }) => {
      const result = await perform(context, run, { name, environment: env });
      await printResult(context, result, { load: rolloutReports.history });
    });

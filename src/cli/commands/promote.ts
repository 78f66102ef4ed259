import { Command, Option } from 'commander';
import type { Decided } from '../../operations/decide-state.ts';
import type { PromoteRequest, PromoteResult } from '../../operations/promote.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { operations, type Run, reports } from '../operations.ts';
import { addStateOptions, environmentOption, formatExamples, textOption } from '../options.ts';
import { perform, printResult } from '../output.ts';

type PromoteFlags = Omit<PromoteRequest, 'refs' | 'environment' | 'onProgress'> & { readonly env: string };

const strategies = ['immediate', 'gradual', 'canary', 'blue-green'];

/** `promptv promote REF… --env ENV`: moves pointers, if every gate agrees. */
export const promoteCommand = (
  context: Context,
  run: Run<PromoteRequest, Decided<PromoteResult>> = operations.promote,
): Command =>
  addStateOptions(
    new Command('promote')
      .description(
        "Checks the environment's gates for each version and moves its pointer there, all in one commit or " +
          'none. A version that runs there already is left alone. Exit 3 when a gate says no.',
      )
      .argument('<refs...>', 'versions, such as support/triage@1.3.0; without a selector the latest')
      .addOption(environmentOption())
      .addOption(textOption('--reason <text>', 'why, kept with the deployment'))
      .addOption(new Option('--strategy <strategy>', 'how it is delivered').choices(strategies)),
  )
    .addHelpText(
      'after',
      formatExamples(
        'promptv promote support/triage --env staging --reason "Asks for the order number"',
        'promptv promote support/triage@1.3.0 --env production --push',
      ),
    )
    .action(async (refs: string[], { env, reason, strategy, branch, push, remote, dryRun }: PromoteFlags) => {
      const request = { refs, environment: env, reason, strategy, branch, push, remote, dryRun };
      const result = await perform(context, run, request);
      await printResult(context, result, {
        load: reports.promote,
        isChange: !result.refused,
        fields: withOnly,
      });
      if (result.refused) context.exitCode = exitCodes.refused;
    });

/** The fields of the only promotion stand at the top too; null where there are several. */
const withOnly = (result: Decided<PromoteResult>): object => {
  const only = result.promotions.length === 1 ? result.promotions[0] : undefined;
  const { prompt, environment, version, previousVersion, unchanged, deployment, gates } = only ?? {};
  return { prompt, environment, version, previousVersion, unchanged, deployment, gates, ...result };
};

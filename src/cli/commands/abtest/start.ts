import { Command, Option } from 'commander';
import type { AbtestStartRequest, AbtestStartResult } from '../../../operations/abtest/start.ts';
import type { Decided, StateOptions } from '../../../operations/decide-state.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { addStateOptions, collectEntries, formatExamples, parseCount, usageError } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { abtestOperations, abtestReports } from './operations.ts';

interface StartFlags extends StateOptions {
  readonly weight?: Readonly<Record<string, string>>;
}

/** `promptv abtest start ID`. */
export const abtestStartCommand = (
  context: Context,
  run: Run<AbtestStartRequest, Decided<AbtestStartResult>> = abtestOperations.start,
): Command =>
  addStateOptions(
    new Command('start')
      .summary('start an experiment, or change its weights')
      .description(
        'Starts a draft, if the environment runs its control and nothing else divides its units. Of a running ' +
          'experiment --weight, or weights changed in its file, open a new phase; phases are not pooled.',
      )
      .argument('<experiment>', 'the id of the experiment')
      .addOption(
        new Option('--weight <variant=weight>', 'a new weight; may be repeated').argParser(collectWeights),
      ),
  )
    .addHelpText(
      'after',
      formatExamples('promptv abtest start tone --push', 'promptv abtest start tone --weight treatment=80'),
    )
    .action(async (id: string, { weight = {}, branch, push, remote, dryRun }: StartFlags) => {
      const weights = Object.fromEntries(
        Object.entries(weight).map(([name, text]) => [name, parseCount(text)]),
      );
      const result = await perform(context, run, { id, weights, branch, push, remote, dryRun });
      await printResult(context, result, { load: abtestReports.start, isChange: true });
    });

const collectWeights = collectEntries((entry, reason) =>
  usageError(
    `The --weight entry ${entry} is not valid: ${reason}.`,
    'Write --weight VARIANT=NUMBER, each variant once.',
  ),
);

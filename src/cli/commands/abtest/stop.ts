import { Command } from 'commander';
import type { AbtestStopRequest, AbtestStopResult } from '../../../operations/abtest/stop.ts';
import type { Decided } from '../../../operations/decide-state.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Run } from '../../operations.ts';
import { addStateOptions, formatExamples, textOption, usageError } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { abtestOperations, abtestReports } from './operations.ts';

type StopFlags = Omit<AbtestStopRequest, 'id' | 'onProgress'>;

/** `promptv abtest stop ID [--winner V] [--promote ENV]`. */
export const abtestStopCommand = (
  context: Context,
  run: Run<AbtestStopRequest, Decided<AbtestStopResult>> = abtestOperations.stop,
): Command =>
  addStateOptions(
    new Command('stop')
      .summary('end an experiment')
      .description(
        'Ends an experiment and keeps the decision in its file, with the results that it rested on. Without a winner ' +
          'everybody gets the control again; with one everybody gets the winner. --promote moves the pointer of an ' +
          'environment to the winner in the same commit, if its gates agree (exit 3 and no change if not).',
      )
      .argument('<experiment>', 'the id of the experiment')
      .addOption(textOption('--winner <variant>', 'the variant to serve from now on'))
      .addOption(textOption('--reason <text>', 'why'))
      .addOption(textOption('--promote <environment>', 'promote the winner there')),
  )
    .addHelpText(
      'after',
      formatExamples(
        'promptv abtest stop tone --reason "Complaints"',
        'promptv abtest stop tone --winner treatment --promote production --push',
      ),
    )
    .action(async (id: string, flags: StopFlags) => {
      const { winner, reason, promote, branch, push, remote, dryRun } = flags;
      if (promote !== undefined && winner === undefined)
        throw usageError('There is no winner to promote.', 'Add --winner VARIANT, or leave out --promote.');
      const request = { id, winner, reason, promote, branch, push, remote, dryRun };
      const result = await perform(context, run, request);
      await printResult(context, result, { load: abtestReports.stop, isChange: !result.refused });
      if (result.refused) context.exitCode = exitCodes.refused;
    });

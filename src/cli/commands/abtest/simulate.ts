import { Command, Option } from 'commander';
import type { AbtestSimulateRequest, AbtestSimulateResult } from '../../../operations/abtest/simulate.ts';
import type { Context } from '../../context.ts';
import type { RunAnywhere } from '../../operations.ts';
import { formatExamples, parseCount, textOption } from '../../options.ts';
import { performAnywhere, printResult } from '../../output.ts';
import { logOf } from '../metrics/log-options.ts';
import { abtestOperations, abtestReports } from './operations.ts';
import { planOptions } from './plan-options.ts';

type SimulateFlags = Omit<AbtestSimulateRequest, 'metrics' | 'id'> & { readonly metrics?: string };

/** `promptv abtest simulate [ID]`. */
export const abtestSimulateCommand = (
  context: Context,
  run: RunAnywhere<AbtestSimulateRequest, AbtestSimulateResult> = abtestOperations.simulate,
): Command => {
  const command = new Command('simulate')
    .summary('how often an experiment would claim a difference, with one and without')
    .description(
      'Plays an experiment many times, once without any difference (A/A: every claim is false) and once with the least ' +
        'effect worth finding (A/B: every claim is right). An experiment is played with the figures that the log has of ' +
        'its control. The same seed gives the same figures everywhere.',
    )
    .argument('[id]', 'an experiment; without one the flags describe it')
    .addOption(textOption('--mde <effect>', 'the effect of the A/B runs: 5% of the baseline, 2pp, 0.05'));
  for (const option of planOptions()) command.addOption(option);
  return command
    .option(
      '--planned-n <units>',
      'units of each variant (default: the plan, else what 80 % power needs)',
      parseCount,
    )
    .option('--look-every <units>', 'a look each so many units of a variant (default: 50)', parseCount)
    .option('--runs <count>', 'how often to play each (default: 1000)', parseCount)
    .addOption(new Option('--seed <text>', 'of the random numbers (default: promptv)'))
    .addHelpText(
      'after',
      formatExamples(
        'promptv abtest simulate tone --seed 1',
        'promptv abtest simulate --baseline 100 --sd 20 --mde 4 --planned-n 400 --runs 2000',
      ),
    )
    .action(async (id: string | undefined, { metrics, ...flags }: SimulateFlags) => {
      const request = { ...flags, id, metrics: logOf(context, metrics) };
      const result = await performAnywhere(context, run, request);
      await printResult(context, result, { load: abtestReports.simulate });
    });
};

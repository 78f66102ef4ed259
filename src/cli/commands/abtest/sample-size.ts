import { Command, Option } from 'commander';
import type {
  AbtestSampleSizeRequest,
  AbtestSampleSizeResult,
} from '../../../operations/abtest/sample-size.ts';
import type { Context } from '../../context.ts';
import type { RunAnywhere } from '../../operations.ts';
import { formatExamples, textOption } from '../../options.ts';
import { performAnywhere, printResult } from '../../output.ts';
import { logOf } from '../metrics/log-options.ts';
import { abtestOperations, abtestReports } from './operations.ts';
import { parseProbability, planOptions, ratioOption } from './plan-options.ts';

type SampleSizeFlags = Omit<AbtestSampleSizeRequest, 'metrics'> & { readonly metrics?: string };

/** `promptv abtest sample-size`. */
export const abtestSampleSizeCommand = (
  context: Context,
  run: RunAnywhere<AbtestSampleSizeRequest, AbtestSampleSizeResult> = abtestOperations.sampleSize,
): Command => {
  const command = new Command('sample-size')
    .summary('how many units an experiment needs')
    .description(
      'Computes the units that a two-sided test needs to find the least effect worth finding, as often as --power says. ' +
        'An effect in % is a share of the baseline, all else is in its units. With --from the log gives baseline, ' +
        'standard deviation and traffic.',
    )
    .addOption(
      textOption('--mde <effect>', 'the least effect worth finding: 5%, 2pp, 0.05').makeOptionMandatory(),
    );
  for (const option of planOptions()) command.addOption(option);
  return command
    .addOption(
      new Option('--power <share>', 'how often the effect is to be found (default: 0.8)').argParser(
        parseProbability,
      ),
    )
    .addOption(ratioOption())
    .addOption(textOption('--from <ref>', 'a version whose records tell, such as support/triage@latest'))
    .addOption(textOption('--metric <name>', 'which of its metrics'))
    .addHelpText(
      'after',
      formatExamples(
        'promptv abtest sample-size --type rate --baseline 0.1 --mde 2pp',
        'promptv abtest sample-size --from support/triage@latest --metric quality --mde 5%',
      ),
    )
    .action(async ({ metrics, ...flags }: SampleSizeFlags) => {
      const request = { ...flags, metrics: logOf(context, metrics) };
      const result = await performAnywhere(context, run, request);
      await printResult(context, result, { load: abtestReports.sampleSize });
    });
};

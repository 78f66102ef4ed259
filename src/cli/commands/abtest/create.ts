import { Command } from 'commander';
import type { AbtestCreateRequest, AbtestCreateResult } from '../../../operations/abtest/create.ts';
import type { Decided, StateOptions } from '../../../operations/decide-state.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { addStateOptions, formatExamples, textOption, usageError } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { type DefinitionFlags, definitionOptions, toDefinition } from './definition-options.ts';
import { abtestOperations, abtestReports } from './operations.ts';

interface CreateFlags extends DefinitionFlags, StateOptions {
  readonly from?: string;
}

/** `promptv abtest create ID`: by flags, or from a YAML file. */
export const abtestCreateCommand = (
  context: Context,
  run: Run<AbtestCreateRequest, Decided<AbtestCreateResult>> = abtestOperations.create,
): Command => {
  const command = new Command('create')
    .summary('define an experiment')
    .description(
      'Writes the definition of an experiment as a draft, in one commit. Everything that is wrong with it is named ' +
        'at once. Metrics and other settings that are left out are those of "abtest" in the configuration.',
    )
    .argument('<id>', 'the name of the experiment')
    .addOption(textOption('--from <file>', 'a YAML file with the definition, instead of the options'));
  for (const option of definitionOptions()) command.addOption(option);
  return addStateOptions(command)
    .addHelpText(
      'after',
      formatExamples(
        'promptv abtest create tone --prompt support/triage --variant control=1.3.0:50 --variant treatment=1.4.0:50 ' +
          '--metric quality:higher:0.7 --metric latency_ms:lower:0.3 --guardrail error_rate:+2pp --mde 5%',
        'promptv abtest create tone --from tone.yaml --push',
      ),
    )
    .action(async (id: string, { from: file, branch, push, remote, dryRun, ...flags }: CreateFlags) => {
      const definition = toDefinition(flags);
      if (file !== undefined && Object.keys(definition).length > 0)
        throw usageError(
          'A definition comes from --from or from options, not from both.',
          `Put it all into ${file}, or leave out --from.`,
        );
      const request = {
        id,
        ...(file === undefined ? { definition } : { file }),
        branch,
        push,
        remote,
        dryRun,
      };
      const result = await perform(context, run, request);
      await printResult(context, result, { load: abtestReports.create, isChange: true });
    });
};

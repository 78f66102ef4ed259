import { Command, Option } from 'commander';
import type { RenderRequest, RenderResult } from '../../operations/render.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples, textOption, variableOption } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { type RenderLayout, reports } from '../reports.ts';

interface RenderFlags extends RenderLayout {
  readonly var?: Readonly<Record<string, string>>;
  readonly vars?: string;
}

/** `promptv render REF`: the prompt with its variables filled in. */
export const renderCommand = (
  context: Context,
  run: Run<RenderRequest, RenderResult> = operations.render,
): Command =>
  new Command('render')
    .description('Fills in the variables of a prompt (by default of the file on disk) and prints the text.')
    .argument('<ref>', 'NAME or NAME@SELECTOR')
    .addOption(variableOption())
    .addOption(textOption('--vars <file>', 'a JSON or YAML file with values'))
    .addOption(
      new Option('--format <format>', 'messages prints the list of messages as JSON')
        .choices(['text', 'messages'])
        .default('text'),
    )
    .addHelpText(
      'after',
      formatExamples(
        'promptv render support/triage --var ticket="My parcel is late"',
        'promptv render support/triage@latest --vars case.yaml --format messages',
      ),
    )
    .action(async (ref: string, { var: textVariables, vars: variablesFile, format }: RenderFlags) => {
      const result = await perform(context, run, { ref, textVariables, variablesFile });
      await printResult(context, result, { load: reports.render, options: { format } });
    });

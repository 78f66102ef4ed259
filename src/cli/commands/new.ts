import { Command } from 'commander';
import type { NewPromptRequest, NewPromptResult } from '../../operations/new-prompt.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { dryRunOption, formatExamples, textOption } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv new NAME`: writes a prompt file. */
export const newCommand = (
  context: Context,
  run: Run<NewPromptRequest, NewPromptResult> = operations.newPrompt,
): Command =>
  new Command('new')
    .description('Writes a prompt file to start from, or a copy of another prompt or of a plain text.')
    .argument('<name>', 'the name of the prompt, such as support/triage')
    .addOption(textOption('--from <source>', 'copy this prompt (a reference) or this file'))
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples('promptv new support/triage', 'promptv new sql/report --from notes/report.txt'),
    )
    .action(async (name: string, { from, dryRun }: Omit<NewPromptRequest, 'name'>) => {
      const result = await perform(context, run, { name, from, dryRun });
      await printResult(context, result, { load: reports.newPrompt, isChange: true });
    });

import { Argument, Command } from 'commander';
import { calculatorNames } from '../../core/stats/calculator.ts';
import type { StatsRequest, StatsResult } from '../../operations/stats.ts';
import type { Context } from '../context.ts';
import { readInput } from '../input.ts';
import { runStats } from '../operations.ts';
import { formatExamples, textOption } from '../options.ts';
import { printText } from '../output.ts';
import { formatJson, formatJsonLine } from '../text.ts';

/** `promptv stats [FN]`: the statistics that every verdict of promptv is made of, as a calculator. */
export const statsCommand = (
  context: Context,
  run: (request: StatsRequest) => Promise<StatsResult> = runStats,
): Command =>
  new Command('stats')
    .description(
      'Computes one statistic of a JSON input and prints the bare result as JSON. Without a function the input is ' +
        'JSON lines of {"fn": …, "input": …}, each answered by a line {"result": …} or {"error": …}, in order.',
    )
    .addArgument(functionArgument())
    .addOption(textOption('--input <file>', 'read the input from this file (default: stdin)'))
    .addHelpText(
      'after',
      formatExamples(
        `echo '{"t": 2, "df": 10}' | promptv stats tTwoSidedP`,
        'promptv stats --input questions.jsonl',
      ),
    )
    .action(async (fn: string | undefined, { input }: { readonly input?: string }) => {
      const result = await run({ fn, input: await readInput(context, input) });
      printText(
        context,
        result.kind === 'result' ? formatJson(result.result) : result.lines.map(formatJsonLine).join(''),
      );
    });

/** The names are listed and completed, but a wrong one is refused by the calculator, which knows the nearest. */
const functionArgument = (): Argument => {
  const argument = new Argument('[function]', 'the statistic');
  argument.argChoices = [...calculatorNames];
  return argument;
};

import { Command, Option } from 'commander';
import { pause } from '../../../operations/pause.ts';
import type { RolloutStatusRequest } from '../../../operations/rollout/status.ts';
import { type Context, displayOf, untilStopped } from '../../context.ts';
import { environmentOption, formatExamples } from '../../options.ts';
import { perform, printResult, printText } from '../../output.ts';
import { formatJsonLine } from '../../text.ts';
import { type RolloutOperations, rolloutReports } from './operations.ts';
import { parseInterval } from './options.ts';

interface StatusFlags {
  readonly env: string;
  readonly watch?: boolean;
  readonly every: number;
}

/** `promptv rollout status NAME --env ENV [--watch]`. */
export const rolloutStatusCommand = (context: Context, run: RolloutOperations['status']): Command =>
  new Command('status')
    .summary('step, weight, figures of both versions, and every gate against its bound')
    .description(
      'Shows how a rollout stands, with the figures of its step as they are now. Changes nothing. With --watch it ' +
        'looks again and again until the rollout has ended; with --json one object a look.',
    )
    .argument('<prompt>', 'the prompt, or its file')
    .addOption(environmentOption())
    .option('-w, --watch', 'stay and look again, until the rollout has ended')
    .addOption(
      new Option('--every <duration>', 'with --watch: how often')
        .argParser(parseInterval)
        .default(5000, '5s'),
    )
    .addHelpText(
      'after',
      formatExamples(
        'promptv rollout status support/triage --env production',
        'promptv rollout status support/triage --env production --watch',
      ),
    )
    .action(async (name: string, { env, watch, every }: StatusFlags) => {
      const request = { name, environment: env };
      if (watch) return watchStatus(context, run, { request, every });
      const result = await perform(context, run, request);
      await printResult(context, result, { load: rolloutReports.status });
    });

/** Where the cursor goes before each look, so that it replaces the one before; nowhere but on a terminal. */
const home = '\u001b[H\u001b[2J';

const watchStatus = async (
  context: Context,
  run: RolloutOperations['status'],
  { request, every }: { readonly request: RolloutStatusRequest; readonly every: number },
): Promise<void> => {
  const stop = untilStopped(context);
  const format = context.json ? null : await rolloutReports.status();
  while (!stop.aborted) {
    const result = await perform(context, run, request);
    const display = displayOf(context);
    const text =
      format === null ? formatJsonLine(result) : format(result, { ...display, now: context.now() });
    printText(context, display.columns !== null && format !== null ? `${home}${text}` : text);
    if (result.next === null) return;
    await pause(every, stop);
  }
};

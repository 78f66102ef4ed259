import { Command, Option } from 'commander';
import type { WatchPass, WatchRequest } from '../../operations/delivery/watch.ts';
import { type Context, displayOf, untilStopped } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { operations, type Run } from '../operations.ts';
import { addStateOptions, formatExamples } from '../options.ts';
import { perform, printJson, printText, printWarnings } from '../output.ts';
import { reports } from '../reports.ts';
import { formatJsonLine, sanitize } from '../text.ts';
import { parseInterval } from './rollout/options.ts';

interface WatchFlags extends Pick<WatchRequest, 'once' | 'report' | 'branch' | 'push' | 'remote' | 'dryRun'> {
  readonly interval: number;
}

/** `promptv watch ENV`: rolls back what is not well, or says so. */
export const watchCommand = (
  context: Context,
  run: Run<WatchRequest, { readonly hasAlerts: boolean }> = operations.watch,
): Command =>
  addStateOptions(
    new Command('watch')
      .description(
        'Looks at everything that runs in an environment, each version by its own records, and rolls back what breaks ' +
          'an alert that says so ("alerts"). Never twice in a row by itself, and never to a version that was no better. ' +
          'Exit 3 when an alert fired.',
      )
      .argument('<environment>', 'the environment')
      .option('--once', 'one look, for cron')
      .option('--report', 'say what is not well and roll nothing back')
      .addOption(
        new Option('--interval <duration>', 'how often').argParser(parseInterval).default(30_000, '30s'),
      ),
  )
    .addHelpText(
      'after',
      formatExamples('promptv watch production --push', 'promptv watch production --once --report --json'),
    )
    .action(async (environment: string, { interval, ...flags }: WatchFlags) => {
      let before: WatchPass | null = null;
      const format = context.json ? null : await reports.watchPass();
      const { hasAlerts } = await perform(context, run, {
        ...{ environment, intervalMs: interval, ...flags },
        stop: AbortSignal.any([untilStopped(context), context.listenForTermination()]),
        onPass: async ({ told: _, ...pass }) => {
          const said = new Set(before?.warnings.map(({ message }) => message));
          await printWarnings(
            context,
            pass.warnings.filter(({ message }) => !said.has(message)),
          );
          const shown = { ...pass, told: [] };
          if (format !== null) printText(context, format(shown, displayOf(context), { before }));
          else if (flags.once) printJson(context, pass);
          else printText(context, formatJsonLine(pass));
          before = shown;
        },
        onTrouble: (error) => context.stderr.write(`${sanitize(error.message)} Trying again.\n`),
      });
      if (hasAlerts) context.exitCode = exitCodes.refused;
    });

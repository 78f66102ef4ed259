import { Command } from 'commander';
import type { AbtestTickRequest, AbtestTickResult } from '../../../operations/abtest/tick.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { addStateOptions, formatExamples } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { abtestOperations, abtestReports } from './operations.ts';

/** `promptv abtest tick`: for cron. */
export const abtestTickCommand = (
  context: Context,
  run: Run<AbtestTickRequest, AbtestTickResult> = abtestOperations.tick,
): Command =>
  addStateOptions(
    new Command('tick')
      .summary('stop the experiments that are decided, or whose time is over')
      .description(
        'Looks at every running experiment whose definition says "autoStop": one whose verdict stands is concluded ' +
          'with its winner, one whose time is over is stopped. Each is one commit. For a scheduler, as often as one likes.',
      ),
  )
    .addHelpText('after', formatExamples('promptv abtest tick --dry-run', 'promptv abtest tick --push'))
    .action(async ({ branch, push, remote, dryRun }: AbtestTickRequest) => {
      const result = await perform(context, run, { branch, push, remote, dryRun });
      await printResult(context, result, { load: abtestReports.tick, isChange: true });
    });

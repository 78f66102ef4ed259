import { Command } from 'commander';
import type { EnvShowRequest, EnvShowResult } from '../../../operations/env/show.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, readBranchOption, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { envOperations, envReports } from './operations.ts';

/** `promptv env show ENV [--at TIME]`: what runs, or ran at a moment. */
export const envShowCommand = (
  context: Context,
  run: Run<EnvShowRequest, EnvShowResult> = envOperations.show,
): Command =>
  new Command('show')
    .summary('what an environment runs, or ran at a moment')
    .description(
      'Shows what an environment runs, or ran at a moment, and compares each version with what was promoted ' +
        'and with what the remote was last seen to say.',
    )
    .argument('<environment>', 'the environment')
    .addOption(
      textOption('--at <time>', 'a moment: a date, a local time, or ISO 8601 with an offset (default: now)'),
    )
    .addOption(readBranchOption())
    .addHelpText(
      'after',
      formatExamples('promptv env show production', 'promptv env show production --at 2026-03-01T14:30'),
    )
    .action(async (environment: string, { at, branch }: Omit<EnvShowRequest, 'environment'>) => {
      const result = await perform(context, run, { environment, at, branch });
      await printResult(context, result, { load: envReports.show });
    });

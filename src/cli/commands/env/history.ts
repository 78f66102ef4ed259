import { Command } from 'commander';
import type { EnvHistoryRequest, EnvHistoryResult } from '../../../operations/env/history.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, parseCount, readBranchOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { envOperations, envReports } from './operations.ts';

/** `promptv env history ENV [PROMPT]`: every deployment, newest first. */
export const envHistoryCommand = (
  context: Context,
  run: Run<EnvHistoryRequest, EnvHistoryResult> = envOperations.history,
): Command =>
  new Command('history')
    .summary('every promotion and rollback, newest first')
    .description(
      'Shows every promotion and rollback of an environment, or of one prompt there, newest first.',
    )
    .argument('<environment>', 'the environment')
    .argument('[prompt]', 'a prompt, or its file')
    .option('-n, --limit <count>', 'show at most so many', parseCount)
    .addOption(readBranchOption())
    .addHelpText(
      'after',
      formatExamples('promptv env history production -n 10', 'promptv env history production support/triage'),
    )
    .action(
      async (
        environment: string,
        name: string | undefined,
        flags: Pick<EnvHistoryRequest, 'limit' | 'branch'>,
      ) => {
        const result = await perform(context, run, { environment, name, ...flags });
        await printResult(context, result, { load: envReports.history });
      },
    );

import { Command } from 'commander';
import type { EnvListRequest, EnvListResult } from '../../../operations/env/list.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, readBranchOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { envOperations, envReports } from './operations.ts';

/** `promptv env list`: prompts by environments. */
export const envListCommand = (
  context: Context,
  run: Run<EnvListRequest, EnvListResult> = envOperations.list,
): Command =>
  new Command('list')
    .summary('every prompt with what it runs where')
    .description('Lists every prompt with its latest version and the version that each environment runs.')
    .addOption(readBranchOption())
    .addHelpText('after', formatExamples('promptv env list', 'promptv env list --json'))
    .action(async ({ branch }: EnvListRequest) => {
      const result = await perform(context, run, { branch });
      await printResult(context, result, { load: envReports.list });
    });

import { Command } from 'commander';
import type { EnvDiffRequest, EnvDiffResult } from '../../../operations/env/diff.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { formatExamples, readBranchOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { envOperations, envReports } from './operations.ts';

/** `promptv env diff A B`: the prompts that two environments run in different versions. */
export const envDiffCommand = (
  context: Context,
  run: Run<EnvDiffRequest, EnvDiffResult> = envOperations.diff,
): Command =>
  new Command('diff')
    .summary('where two environments run different versions')
    .description('Shows the prompts that two environments run in different versions, and which is ahead.')
    .argument('<environment>', 'an environment')
    .argument('<other-environment>', 'the environment to compare it with')
    .addOption(readBranchOption())
    .addHelpText(
      'after',
      formatExamples('promptv env diff staging production', 'promptv env diff staging production --json'),
    )
    .action(async (a: string, b: string, { branch }: Pick<EnvDiffRequest, 'branch'>) => {
      const result = await perform(context, run, { a, b, branch });
      await printResult(context, result, { load: envReports.diff });
    });

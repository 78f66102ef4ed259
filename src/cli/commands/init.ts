import { Command, Option } from 'commander';
import type { InitRequest, InitResult } from '../../operations/init.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { dryRunOption, formatExamples, usageError } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

interface InitFlags extends Omit<InitRequest, 'hooks' | 'ci'> {
  readonly hooks?: boolean;
  readonly ci?: 'github' | 'gitlab';
  readonly rollout?: boolean;
}

/** `promptv init`: sets up the repository; works without a configuration. */
export const initCommand = (context: Context, run: Run<InitRequest, InitResult> = operations.init): Command =>
  new Command('init')
    .description(
      'Writes the configuration, the lines for .gitignore and the prompts directory, overwriting nothing, ' +
        'and says what the host of the repository must be told to protect.',
    )
    .option('--example', 'add a first prompt to play with')
    .option('--hooks', 'install the git hooks, as "promptv hooks install" does')
    .addOption(
      new Option('--ci <host>', 'write a pipeline: checks, versions, promotions by hand').choices([
        'github',
        'gitlab',
      ]),
    )
    .option('--rollout', 'with --ci: add a scheduled job that carries rollouts on')
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples('promptv init --example --hooks', 'promptv init --ci github --dry-run'),
    )
    .action(async ({ example, hooks, ci: host, rollout, dryRun }: InitFlags) => {
      if (rollout && !host)
        throw usageError('--rollout adds a job to a pipeline.', 'Name its host: --ci github or --ci gitlab.');
      const program = hooks ? context.program : undefined;
      const ci = host && { host, rollout, promptvPackage: `promptv@${context.version}` };
      const result = await perform(context, run, { example, hooks: program, ci, dryRun });
      await printResult(context, result, { load: reports.init, isChange: true });
    });

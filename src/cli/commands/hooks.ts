import { Argument, Command } from 'commander';
import { type HookName, hookNames } from '../../core/hooks/hook-script.ts';
import { adviseFix, printCheck } from '../check-output.ts';
import type { Context } from '../context.ts';
import { operations } from '../operations.ts';
import { dryRunOption, formatExamples } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

interface ChangeFlags {
  readonly dryRun?: boolean;
}

/** `promptv hooks VERB`: git's hooks that run promptv. */
export const hooksCommand = (context: Context): Command =>
  new Command('hooks')
    .description(
      "Installs git hooks: before a commit the prompts in it are linted; after it, on the branches of the configuration's " +
        'hooks.saveBranches, they get their versions. Hooks that are there stay in force.',
    )
    .addCommand(installCommand(context))
    .addCommand(uninstallCommand(context))
    .addCommand(statusCommand(context))
    .addCommand(runCommand(context))
    .addHelpText('after', formatExamples('promptv hooks install', 'promptv hooks status'));

const installCommand = (context: Context): Command =>
  new Command('install')
    .description('Installs the hooks; one that is there already runs after ours.')
    .addOption(dryRunOption())
    .addHelpText('after', formatExamples('promptv hooks install', 'promptv hooks install --dry-run'))
    .action(async ({ dryRun }: ChangeFlags) => {
      const result = await perform(context, operations.installHooks, { dryRun, program: context.program });
      await printResult(context, result, { load: reports.hooks, isChange: true });
    });

const uninstallCommand = (context: Context): Command =>
  new Command('uninstall')
    .description('Takes our hooks away and puts back what stood there before.')
    .addOption(dryRunOption())
    .addHelpText('after', formatExamples('promptv hooks uninstall', 'promptv hooks uninstall --dry-run'))
    .action(async ({ dryRun }: ChangeFlags) => {
      const result = await perform(context, operations.uninstallHooks, { dryRun });
      await printResult(context, result, { load: reports.hooks, isChange: true });
    });

const statusCommand = (context: Context): Command =>
  new Command('status')
    .description('Shows which hooks run promptv.')
    .addHelpText('after', formatExamples('promptv hooks status', 'promptv hooks status --json'))
    .action(async () => {
      const result = await perform(context, operations.hooksStatus, {});
      await printResult(context, result, { load: reports.hooks });
    });

const runCommand = (context: Context): Command =>
  new Command('run')
    .description('Does what the hook of that name does; for git, husky and lefthook to call.')
    .addArgument(new Argument('<hook>', 'the hook').choices(hookNames))
    .addHelpText('after', formatExamples('promptv hooks run pre-commit', 'promptv hooks run post-commit'))
    .action(async (hook: HookName) =>
      hook === 'pre-commit' ? runPreCommit(context) : runPostCommit(context),
    );

/** Says nothing about a commit in which there is nothing to say. */
const runPreCommit = async (context: Context): Promise<void> => {
  const result = await perform(context, operations.lint, { staged: true });
  const { errors, warnings, notes } = result.totals;
  if (context.json || errors + warnings + notes > 0) await printCheck(context, result, 'pretty');
  adviseFix(context, result);
  if (result.passed || context.json) return;
  const way = 'Correct the prompts and "git add" them, or pass it by with "git commit --no-verify".';
  context.stderr.write(`promptv stops this commit. ${way}\n`);
};

const runPostCommit = async (context: Context): Promise<void> => {
  const result = await perform(context, operations.versionCommit, {});
  await printResult(context, result, { load: reports.postCommit });
};

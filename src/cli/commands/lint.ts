import { Command, InvalidArgumentError, Option } from 'commander';
import type { LintRequest, LintResult } from '../../operations/lint.ts';
import type { ReporterChoice } from '../../report/checks/reporter-names.ts';
import { formatCount, sanitizeLine } from '../../report/text.ts';
import { adviseFix, performCheck, printCheck, reporterOption } from '../check-output.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { dryRunOption, formatExamples } from '../options.ts';
import { perform } from '../output.ts';

interface LintFlags extends Omit<LintRequest, 'refs'> {
  readonly reporter: ReporterChoice;
}

/** `promptv lint [REF…]`: exit 3 if an error is found. */
export const lintCommand = (context: Context, run: Run<LintRequest, LintResult> = operations.lint): Command =>
  new Command('lint')
    .description(
      'Checks the prompts (default: all) by the rules of docs/lint.md: form, variables, size, secrets, attacks. Ends ' +
        'with 3 if a problem is an error. Runs nothing and asks nobody.',
    )
    .argument('[refs...]', 'prompts or their files, or saved texts, such as support/triage@1.2.0')
    .option('--staged', 'check what git is about to commit, not the files on disk')
    .option('--fix', 'mend in the files what can be mended without a decision')
    .addOption(reporterOption())
    .addOption(new Option('--max-warnings <n>', 'fail if there are more').argParser(parseWarnings))
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples('promptv lint support/triage --fix', 'promptv lint support/triage@production'),
    )
    .action(async (refs: string[], { reporter, ...flags }: LintFlags) => {
      const result = await performCheck(context, { check: 'lint', reporter }, () =>
        perform(context, run, { refs, ...flags }),
      );
      if (!context.quiet && !context.json)
        for (const fixed of result.fixed) writeFixed(context, fixed, result);
      await printCheck(context, result, reporter);
      if (reporter === 'pretty') adviseFix(context, result);
      if (!result.passed && result.totals.errors === 0)
        context.stderr.write(
          `${formatCount(result.totals.warnings, 'warning')}: more than --max-warnings ${flags.maxWarnings} allows.\n`,
        );
    });

const writeFixed = (
  context: Context,
  { path, rules }: LintResult['fixed'][number],
  { dryRun }: LintResult,
): void => {
  const verb = dryRun ? 'would mend' : 'mended';
  context.stderr.write(`${verb} ${sanitizeLine(path)}: ${rules.join(', ')}\n`);
};

const parseWarnings = (value: string): number => {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('Give a whole number from 0.');
  return Number(value);
};

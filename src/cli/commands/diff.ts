import { Command, Option } from 'commander';
import type { DiffRequest, DiffResult } from '../../operations/diff.ts';
import type { PromptDiff } from '../../operations/diff-pair.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples, textOption, usageError } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { type DiffLayout, reports } from '../reports.ts';

interface DiffFlags extends DiffLayout {
  readonly staged?: boolean;
  readonly base?: string;
  readonly exitCode?: boolean;
  readonly metrics?: boolean;
}

/** `promptv diff`: compares two texts of a prompt, or every changed prompt with its latest version. */
export const diffCommand = (context: Context, run: Run<DiffRequest, DiffResult> = operations.diff): Command =>
  new Command('diff')
    .usage('[options] [NAME [FROM [TO]]] | REF REF')
    .description(
      'Compares the latest version with the file on disk, or the two versions named: first what callers ' +
        'feel, each change graded, then the text. Without operands: every changed prompt; with --base those that ' +
        'changed since the work left that commit, as a pull request shows them.',
    )
    .argument('[operands...]', 'NAME, NAME FROM, NAME FROM TO, or two references')
    .option('--staged', 'compare with what git is about to commit, not with the file on disk')
    .addOption(
      textOption('--base <revision>', 'compare the files on disk with where HEAD left this commit').conflicts(
        ['staged', 'metrics'],
      ),
    )
    .addOption(
      new Option('--format <format>', 'markdown: for a comment, at most 60,000 characters')
        .choices(['text', 'markdown'])
        .default('text'),
    )
    .addOption(new Option('--stat', 'only one line a prompt').conflicts(['word', 'sideBySide']))
    .addOption(new Option('--word', 'mark the words that changed, in running text').conflicts('sideBySide'))
    .option('--side-by-side', 'put the two texts in two columns')
    .option('--metrics', 'compare what the metrics log says of the two versions')
    .option('--exit-code', 'end with 3 if there is a difference')
    .addHelpText(
      'after',
      formatExamples(
        'promptv diff support/triage 1.0.0 1.2.0 --side-by-side',
        'promptv diff --base origin/main --format markdown',
      ),
    )
    .action(async (operands: string[], { staged, base, exitCode, metrics, ...layout }: DiffFlags) => {
      assertOperands(operands, staged === true);
      assertMetrics(operands, metrics === true);
      assertLayout(operands, base, layout);
      const result = await perform(context, run, { operands, staged, base, metrics });
      await printResult(context, result, {
        load: reports.diff,
        options: { ...layout, staged },
        fields: withOnlyDiff,
      });
      if (exitCode && hasDifference(result)) context.exitCode = exitCodes.refused;
    });

const assertOperands = ({ length }: readonly string[], isStaged: boolean): void => {
  if (length > 3)
    throw usageError(`diff takes at most three operands, not ${length}.`, 'See "promptv diff --help".');
  if (isStaged && length === 3) {
    throw usageError('--staged is the second side, and TO is given too.', 'Leave one of them out.');
  }
};

const assertMetrics = ({ length }: readonly string[], isAsked: boolean): void => {
  if (isAsked && length < 2)
    throw usageError('--metrics needs two versions.', 'Write "promptv diff NAME 1.0.0 1.1.0 --metrics".');
};

const assertLayout = (
  { length }: readonly string[],
  base: string | undefined,
  { format, stat, word, sideBySide }: DiffLayout,
): void => {
  if (base !== undefined && length > 0)
    throw usageError('--base compares every prompt, and prompts are named too.', 'Leave one of them out.');
  if (format === 'markdown' && (stat || word || sideBySide))
    throw usageError(
      '--format markdown has a layout of its own.',
      'Leave out --stat, --word, --side-by-side.',
    );
};

const hasDifference = ({ base, diffs }: DiffResult): boolean =>
  base === null ? diffs.some(isDifferent) : base.prompts.length > 0;

const isDifferent = ({ patch, changes }: PromptDiff): boolean => patch !== '' || changes.length > 0;

/** The fields of the only diff stand at the top too; they are null where there are none or several. */
const withOnlyDiff = (result: DiffResult): object => {
  const only = result.diffs.length === 1 ? result.diffs[0] : undefined;
  const { prompt, from, to, impact, changes, patch, metrics } = only ?? {};
  return { prompt, from, to, impact, changes, patch, metrics, ...result };
};

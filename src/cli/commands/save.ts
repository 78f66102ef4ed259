import { Command, Option } from 'commander';
import { promptvError } from '../../errors.ts';
import type { SaveRequest, SaveResult } from '../../operations/save.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { addCommitOptions, collectEntries, formatExamples, textOption, usageError } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

type SaveFlags = Omit<SaveRequest, 'names' | 'onProgress'>;

const levels = ['major', 'minor', 'patch', 'prerelease', 'auto'];
const collectMeta = collectEntries((entry, reason) => promptvError('META_INVALID', { entry, reason }));

/** `promptv save [NAME…]`: versions the prompts named, or all that changed. */
export const saveCommand = (context: Context, run: Run<SaveRequest, SaveResult> = operations.save): Command =>
  addCommitOptions(
    new Command('save')
      .description(
        'Commits just the files of the prompts named (without names: of all that changed) where they are ' +
          'dirty, and gives each its next version as a tag. Nothing is pushed without --push.',
      )
      .argument('[prompts...]', 'prompts, or their files')
      .addOption(
        new Option('--bump <level>', 'how far to move (default: as far as callers feel)').choices(levels),
      )
      .addOption(textOption('--set-version <version>', 'give exactly this version').conflicts('bump'))
      .addOption(textOption('--preid <word>', 'the word of a prerelease, such as rc'))
      .addOption(
        new Option('--meta <key=value>', 'record this in the version; may be repeated').argParser(
          collectMeta,
        ),
      ),
  )
    .addHelpText(
      'after',
      formatExamples(
        'promptv save -m "Ask for the order number"',
        'promptv save support/triage --bump minor',
      ),
    )
    .action(async (names: string[], flags: SaveFlags) => {
      assertOneVersionForOnePrompt(names, flags);
      const { bump, setVersion, preid, message, meta, author, push, remote, verify, dryRun } = flags;
      const version = { bump, setVersion, preid, message, meta };
      const request = { names, ...version, author, push, remote, verify, dryRun };
      const result = await perform(context, run, request);
      await printResult(context, result, { load: reports.save, isChange: true });
    });

const assertOneVersionForOnePrompt = (names: readonly string[], { setVersion }: SaveFlags): void => {
  if (setVersion === undefined || names.length === 1) return;
  throw usageError(
    `--set-version needs exactly one prompt, and ${names.length === 0 ? 'none is' : `${names.length} are`} named.`,
    `Name the prompt: "promptv save NAME --set-version ${setVersion}".`,
  );
};

import { Command, Option } from 'commander';
import type { ShowRequest, ShowResult } from '../../operations/show.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples, usageError } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv show REF`: one document, or with `--raw` its exact bytes. */
export const showCommand = (context: Context, run: Run<ShowRequest, ShowResult> = operations.show): Command =>
  new Command('show')
    .description('Shows one version of a prompt (by default the latest) and what its tag records.')
    .argument('<ref>', 'NAME or NAME@SELECTOR')
    .addOption(new Option('--raw', "write the file's exact bytes"))
    .addHelpText(
      'after',
      formatExamples('promptv show support/triage', 'promptv show support/triage@1.2.0 --raw > triage.yaml'),
    )
    .action(async (ref: string, { raw }: { readonly raw?: boolean }) => {
      if (raw && context.json) {
        throw usageError('--raw and --json exclude each other.', 'Leave one of them out.');
      }
      const result = await perform(context, run, { ref });
      if (raw) context.stdout.write(result.raw);
      else await printResult(context, result, { load: reports.show, fields: withoutBytes });
    });

const withoutBytes = ({ raw: _, ...fields }: ShowResult): object => fields;

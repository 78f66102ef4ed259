import { Command, Option } from 'commander';
import type { AnnotateRequest, AnnotateResult } from '../../operations/annotate.ts';
import type { Decided } from '../../operations/decide-state.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { addStateOptions, formatExamples } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

type AnnotateFlags = Omit<AnnotateRequest, 'ref' | 'text' | 'onProgress'>;

/** `promptv annotate REF TEXT`. */
export const annotateCommand = (
  context: Context,
  run: Run<AnnotateRequest, Decided<AnnotateResult>> = operations.annotate,
): Command =>
  addStateOptions(
    new Command('annotate')
      .description(
        'Adds a remark to a version. With --mark it also marks it: "archived" cannot be promoted any more, ' +
          '"deprecated" is shown, "none" lifts a mark.',
      )
      .argument('<ref>', 'a version, such as support/triage@1.2.0; without a selector the latest')
      .argument('<text>', 'the remark')
      .addOption(
        new Option('--mark <mark>', 'how the version counts from now on').choices([
          'deprecated',
          'archived',
          'none',
        ]),
      ),
  )
    .addHelpText(
      'after',
      formatExamples(
        'promptv annotate support/triage@1.2.0 "Confuses refunds with returns"',
        'promptv annotate support/triage@1.1.0 "Use 1.2" --mark deprecated --push',
      ),
    )
    .action(async (ref: string, text: string, { mark, branch, push, remote, dryRun }: AnnotateFlags) => {
      const result = await perform(context, run, { ref, text, mark, branch, push, remote, dryRun });
      await printResult(context, result, { load: reports.annotate, isChange: true });
    });

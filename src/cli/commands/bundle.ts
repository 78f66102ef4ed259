import { Command } from 'commander';
import type { BundleRequest, BundleResult } from '../../operations/bundle.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import {
  dryRunOption,
  formatExamples,
  parseText,
  readBranchOption,
  textOption,
  usageError,
} from '../options.ts';
import { perform, printResult, printText } from '../output.ts';
import { reports } from '../reports.ts';

interface BundleFlags {
  readonly env?: readonly string[];
  readonly prompt?: readonly string[];
  readonly output: string;
  readonly dryRun?: boolean;
  readonly branch?: string;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  parseText(value),
];

/** `promptv bundle -o FILE`: what environments run, in one file. */
export const bundleCommand = (
  context: Context,
  run: Run<BundleRequest, BundleResult> = operations.bundle,
): Command =>
  new Command('bundle')
    .description(
      'Writes the versions that environments run, with their documents and hashes, into one JSON file that ' +
        'applications read without git. The same state gives the same bytes.',
    )
    .addOption(textOption('--env <environment>', 'only this environment; may be repeated').argParser(collect))
    .addOption(
      textOption('--prompt <glob>', 'only prompts whose name matches; may be repeated').argParser(collect),
    )
    .addOption(textOption('-o, --output <file>', 'the file to write; "-" is stdout').makeOptionMandatory())
    .addOption(readBranchOption())
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv bundle -o prompts.bundle.json',
        'promptv bundle --env production --prompt "support/**" -o support.bundle.json',
      ),
    )
    .action(async ({ env: environments, prompt: prompts, output, ...flags }: BundleFlags) => {
      const isToStdout = output === '-';
      if (isToStdout && context.json)
        throw usageError('With --json the bundle cannot go to stdout too.', 'Name a file: -o FILE.');
      const request = { environments, prompts, output: isToStdout ? undefined : output, ...flags };
      const result = await perform(context, run, request);
      if (isToStdout) printText(context, result.raw);
      else await printResult(context, result, { load: reports.bundle, isChange: true, fields: withoutText });
    });

const withoutText = ({ raw: _, ...fields }: BundleResult): object => fields;

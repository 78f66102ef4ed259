import { Command, Option } from 'commander';
import type { ExportRequest, ExportResult } from '../../operations/export.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import {
  dryRunOption,
  environmentOption,
  formatExamples,
  readBranchOption,
  textOption,
  usageError,
} from '../options.ts';
import { perform, printResult, printText, printWarnings } from '../output.ts';
import { reports } from '../reports.ts';

interface ExportFlags {
  readonly env: string;
  readonly output: string;
  readonly branch?: string;
  readonly dryRun?: boolean;
}

/** `promptv export --format flagd --env ENV -o FILE`. */
export const exportCommand = (
  context: Context,
  run: Run<ExportRequest, ExportResult> = operations.exportFlags,
): Command =>
  new Command('export')
    .description(
      'Writes what an environment runs as feature flags: one flag a prompt, whose value is the version, with the ' +
        'split of its experiment. OpenFeature clients then give every unit the same variant as promptv does.',
    )
    .addOption(
      new Option('--format <format>', 'the format: flagd of OpenFeature')
        .choices(['flagd'])
        .makeOptionMandatory(),
    )
    .addOption(environmentOption())
    .addOption(textOption('-o, --output <file>', 'the file to write; "-" is stdout').makeOptionMandatory())
    .addOption(readBranchOption())
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv export --format flagd --env production -o flags.json',
        'promptv export --format flagd --env production -o - | jq .flags',
      ),
    )
    .action(async ({ env: environment, output, branch, dryRun }: ExportFlags) => {
      const isToStdout = output === '-';
      if (isToStdout && context.json)
        throw usageError('With --json the flags cannot go to stdout too.', 'Name a file: -o FILE.');
      const request = { environment, output: isToStdout ? undefined : output, branch, dryRun };
      const result = await perform(context, run, request);
      if (isToStdout) {
        await printWarnings(context, result.warnings);
        printText(context, result.raw);
      } else
        await printResult(context, result, {
          load: reports.exportFlags,
          isChange: true,
          fields: withoutText,
        });
    });

const withoutText = ({ raw: _, ...fields }: ExportResult): object => fields;

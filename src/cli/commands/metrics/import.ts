import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { MetricsImportRequest, MetricsImportResult } from '../../../operations/metrics/import.ts';
import { type ImportFormat, importFormats } from '../../../operations/metrics/import-formats.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Run } from '../../operations.ts';
import { dryRunOption, formatExamples, textOption } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { metricsOperations, metricsReports } from './operations.ts';

interface ImportFlags {
  readonly format: ImportFormat;
  readonly prompt?: string;
  readonly env?: string;
  readonly at?: string;
  readonly allowUnknown?: boolean;
  readonly strict?: boolean;
  readonly dryRun?: boolean;
}

/** `promptv metrics import FILE|- --format F`: runs that were recorded elsewhere. */
export const metricsImportCommand = (
  context: Context,
  run: Run<MetricsImportRequest, MetricsImportResult> = metricsOperations.import,
): Command =>
  new Command('import')
    .summary('add runs that were recorded elsewhere')
    .description(
      'Adds runs from JSON lines, CSV, OpenTelemetry GenAI spans (OTLP/JSON), promptfoo results or the JSON of ' +
        '"gh models eval". Usual other names of metrics are understood. Runs that the log has are skipped; what ' +
        'cannot be stored is left out and listed. Ends with 3 if all was refused, with --strict if anything was.',
    )
    .argument('<file>', 'the file; - is stdin')
    .addOption(new Option('--format <format>', 'what it is').choices(importFormats).makeOptionMandatory())
    .addOption(textOption('--prompt <ref>', 'the prompt, or one version of it, of runs that name none'))
    .addOption(textOption('--env <environment>', 'the environment of runs that name none'))
    .addOption(textOption('--at <time>', 'the time of results that name none (default: now)'))
    .option('--allow-unknown', 'take prompts, versions and environments that are not known here')
    .option('--strict', 'end with 3 when anything was refused')
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics import spans.json --format otlp --env production',
        'promptv metrics import results.json --format promptfoo --prompt support/triage@1.2.0',
      ),
    )
    .action(async (file: string, { format, prompt, env, strict, ...flags }: ImportFlags) => {
      const result = await perform(context, run, {
        ...flags,
        format,
        ref: prompt,
        environment: env,
        source: file === '-' ? context.stdin : resolve(context.cwd, file),
      });
      await printResult(context, result, { load: metricsReports.import });
      const isNothing = result.refusedCount > 0 && result.imported + result.duplicates === 0;
      if (isNothing || (strict && result.refusedCount > 0)) context.exitCode = exitCodes.refused;
    });

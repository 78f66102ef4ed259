import { Command } from 'commander';
import type { MetricsRecordRequest, MetricsRecordResult } from '../../../operations/metrics/record.ts';
import type { Context } from '../../context.ts';
import type { Run } from '../../operations.ts';
import { dryRunOption, formatExamples } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { metricsOperations, metricsReports } from './operations.ts';
import { addRecordOptions, type RecordFlags, toRecordRequest } from './record-flags.ts';

/** `promptv metrics record NAME[@SEL] --metric K=V`: one run, or with `--stdin` one a line. */
export const metricsRecordCommand = (
  context: Context,
  run: Run<MetricsRecordRequest, MetricsRecordResult> = metricsOperations.record,
): Command =>
  addRecordOptions(
    new Command('record')
      .summary('add runs to the log')
      .description(
        'Adds one run of a version to the metrics log, or with --stdin one for each line of JSON, where the options ' +
          'stand for what a line leaves out. A batch is stored whole or not at all. A cost that is missing is ' +
          'computed from tokens and the configured prices.',
      )
      .argument('[ref]', 'the prompt, or one version of it (default: the latest)'),
  )
    .option('--stdin', 'read JSON lines from stdin, one record each')
    .option('--allow-unknown', 'take prompts, versions and environments that are not known here')
    .addOption(dryRunOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv metrics record support/triage@1.2.0 --env production --metric latency_ms=812 --metric quality=0.9',
        'promptv metrics record --experiment tone --key user-42 --metric quality=0.9',
        'promptv metrics record --stdin < runs.jsonl',
      ),
    )
    .action(async (ref: string | undefined, flags: RecordFlags) => {
      const request = await toRecordRequest(context, ref, flags);
      const result = await perform(context, run, request);
      await printResult(context, result, { load: metricsReports.record, isChange: true });
    });

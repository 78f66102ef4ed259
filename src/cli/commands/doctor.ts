import { Command } from 'commander';
import type { DoctorRequest, DoctorResult } from '../../operations/doctor.ts';
import { type Context, isInsideOwnCommit } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { operations, type Run } from '../operations.ts';
import { dryRunOption, formatExamples } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv doctor`: looks only; with `--fix` it mends what needs no decision. */
export const doctorCommand = (
  context: Context,
  run: Run<DoctorRequest, DoctorResult> = operations.doctor,
): Command =>
  new Command('doctor')
    .description(
      'Looks for what is broken or left over in versions, files and locks, and says what mends it. Changes ' +
        'nothing without --fix. Ends with 3 if an error is left.',
    )
    .option('--fix', 'mend what needs no decision')
    .addOption(dryRunOption())
    .addHelpText('after', formatExamples('promptv doctor', 'promptv doctor --fix --dry-run'))
    .action(async ({ fix, dryRun }: Omit<DoctorRequest, 'onProgress'>) => {
      if (fix && isInsideOwnCommit(context)) return;
      const result = await perform(context, run, { fix, dryRun });
      await printResult(context, result, { load: reports.doctor });
      if (!result.passed) context.exitCode = exitCodes.refused;
    });

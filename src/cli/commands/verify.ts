import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { verify } from '../operations.ts';
import { formatExamples } from '../options.ts';
import { performAnywhere, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv verify FILE`: whether a bundle is what promptv wrote, and what git has. */
export const verifyCommand = (context: Context, run = verify): Command =>
  new Command('verify')
    .description(
      'Checks a bundle: its digest, hashes and documents; inside a repository also that every version is the one ' +
        "that is tagged, and every environment what it was at the bundle's commit. Ends with 3 if something differs.",
    )
    .argument('<file>', 'the bundle')
    .addHelpText(
      'after',
      formatExamples('promptv verify prompts.bundle.json', 'promptv verify dist/prompts.bundle.json --json'),
    )
    .action(async (file: string) => {
      const result = await performAnywhere(context, run, { file: resolve(context.cwd, file) });
      await printResult(context, result, { load: reports.verify });
      if (!result.valid) context.exitCode = exitCodes.refused;
    });

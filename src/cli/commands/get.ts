import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { GetRequest, GetResult } from '../../operations/get.ts';
import type { Context } from '../context.ts';
import { getFromBundle, operations, type Run } from '../operations.ts';
import { formatExamples, readBranchOption, textOption, usageError, variableOption } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

interface GetFlags {
  readonly env: string;
  readonly var?: Readonly<Record<string, string>>;
  readonly bundle?: string;
  readonly key?: string;
  readonly preview?: boolean;
  readonly branch?: string;
}

/** `promptv get NAME --env ENV`: what an application reads. */
export const getCommand = (
  context: Context,
  run: Run<GetRequest, GetResult> = operations.get,
  runFromBundle = getFromBundle,
): Command =>
  new Command('get')
    .description(
      'Fills in the variables of the version that an environment runs and prints the text; --json says which ' +
        'version it is. With --key a running experiment decides the version. Refuses a version that is no longer what ' +
        'was promoted.',
    )
    .argument('<prompt>', 'the name of the prompt')
    .addOption(textOption('--env <environment>', 'the environment to read').makeOptionMandatory())
    .addOption(new Option('--key <unit>', 'who asks: the id of a user or a session, for experiments'))
    .option('--preview', 'what the key will get of an experiment that has not begun')
    .addOption(variableOption())
    .addOption(textOption('--bundle <file>', 'read this bundle, without a repository and without git'))
    .addOption(readBranchOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv get support/triage --env production --key user-42 --var message="I was charged twice." --json',
        'promptv get support/triage --env production --bundle prompts.bundle.json --var message=Hello',
      ),
    )
    .action(
      async (
        prompt: string,
        { env: environment, var: textVariables, bundle, branch, key, preview }: GetFlags,
      ) => {
        if (bundle !== undefined && branch !== undefined)
          throw usageError('A bundle has no branches.', 'Leave out --branch or --bundle.');
        const request = { prompt, environment, textVariables, branch, key, preview };
        const result =
          bundle === undefined
            ? await perform(context, run, request)
            : await runFromBundle(resolve(context.cwd, bundle), request);
        await printResult(context, result, { load: reports.get });
      },
    );

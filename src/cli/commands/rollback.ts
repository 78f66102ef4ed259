import { Command } from 'commander';
import type { Decided } from '../../operations/decide-state.ts';
import type { Followed, FollowOptions } from '../../operations/delivery/follow-up.ts';
import type { RollbackRequest, RollbackResult } from '../../operations/rollback.ts';
import type { RollbackHistoryRequest, RollbackHistoryResult } from '../../operations/rollback-history.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { addFollowOptions, followOptions, isDoubtful } from '../follow-options.ts';
import { operations, type Run } from '../operations.ts';
import { addStateOptions, formatExamples, parseCount, textOption, usageError } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

type RollbackFlags = Omit<RollbackRequest, 'names' | 'environment' | 'onProgress'> & {
  readonly env?: string;
  readonly history?: boolean;
  readonly limit?: number;
  readonly monitor?: number;
  readonly notify?: boolean;
};

type RunHistory = Run<RollbackHistoryRequest, RollbackHistoryResult>;

/** `promptv rollback NAME… --env ENV`: back to a good version. */
export const rollbackCommand = (
  context: Context,
  run: Run<RollbackRequest & FollowOptions, Decided<RollbackResult> & Followed> = operations.rollback,
  runHistory: RunHistory = operations.rollbackHistory,
): Command =>
  addFollowOptions(
    addStateOptions(
      new Command('rollback')
        .description(
          'Moves pointers back to the previous good version, or to the one named, all in one commit. The target ' +
            'is always checked, also in an emergency. A repetition never moves twice.',
        )
        .argument('[prompts...]', 'prompts; none only with --to-time: the whole environment')
        .addOption(textOption('--env <environment>', 'the environment; none only with --history: all'))
        .addOption(textOption('--to <version>', 'go back to this version'))
        .addOption(
          textOption('--from <version>', 'only if this version runs now; makes a retry safe in scripts'),
        )
        .addOption(textOption('--deployment <id>', 'go back to what this deployment brought'))
        .addOption(textOption('--to-time <time>', 'go back to what ran at this time'))
        .addOption(textOption('--reason <text>', 'why, kept with the deployment'))
        .option(
          '--emergency',
          'skip approvals and the order of environments, never the checks of the target; a broken configuration file gives way to the committed one',
        )
        .addOption(textOption('--since <time>', 'when the trouble began: the SLA counts from there'))
        .addOption(textOption('--triggered-by <system>', 'the system that rolls back by itself'))
        .option('--history', 'list the rollbacks instead, of the environment or of all'),
    ),
  )
    .option('-n, --limit <count>', 'with --history: show at most so many (default: 10)', parseCount)
    .addHelpText(
      'after',
      formatExamples(
        'promptv rollback support/triage --env production --reason "Wrong labels" --push',
        'promptv rollback support/triage --env production --to 1.2.0 --emergency --notify --monitor 2m',
      ),
    )
    .action(async (names: string[], { env, history, limit, monitor, notify, ...flags }: RollbackFlags) => {
      if (history) {
        const result = await perform(context, runHistory, {
          names,
          environment: env,
          limit,
          branch: flags.branch,
        });
        return printResult(context, result, { load: reports.rollbackHistory });
      }
      assertTarget(names, flags);
      if (env === undefined)
        throw usageError(
          "Required option '--env <environment>' not specified.",
          'Say where: --env production.',
        );
      const request = {
        ...{ names, environment: env, ...flags },
        ...followOptions(context, { monitor, notify }),
      };
      const result = await perform(context, run, request, { isEmergency: flags.emergency });
      await printResult(context, result, {
        load: reports.rollback,
        isChange: !result.refused,
        fields: withOnly,
      });
      if (result.refused || isDoubtful(result)) context.exitCode = exitCodes.refused;
    });

const assertTarget = (
  names: readonly string[],
  { to, from, deployment, toTime }: Partial<RollbackFlags>,
): void => {
  const targets = [to, deployment, toTime].filter((target) => target !== undefined);
  if (targets.length > 1)
    throw usageError(
      '--to, --deployment and --to-time name one target, and several are given.',
      'Keep one of them.',
    );
  if (names.length === 0 && toTime === undefined)
    throw usageError('No prompt is named.', 'Name prompts, or go back as a whole with --to-time TIME.');
  if (names.length > 1 && (to !== undefined || from !== undefined || deployment !== undefined))
    throw usageError(
      '--to, --from and --deployment need exactly one prompt.',
      'Roll the prompts back one by one.',
    );
};

/** The fields of the only rollback stand at the top too; null where there are several. */
const withOnly = (result: Decided<RollbackResult> & Followed): object => {
  const only = result.rollbacks.length === 1 ? result.rollbacks[0] : undefined;
  const { prompt, environment, from, to, unchanged, impact, changes, deployment, gates } = only ?? {};
  return { prompt, environment, from, to, unchanged, impact, changes, deployment, gates, ...result };
};

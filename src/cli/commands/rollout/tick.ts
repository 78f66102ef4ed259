import { Command, Option } from 'commander';
import type { RolloutTickRequest, RolloutTickResult } from '../../../operations/rollout/tick.ts';
import { type Context, displayOf } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import {
  addStateOptions,
  environmentOption,
  formatExamples,
  remoteOption,
  textOption,
} from '../../options.ts';
import { perform, printResult, printText } from '../../output.ts';
import { formatJsonLine, sanitize } from '../../text.ts';
import { type RolloutOperations, rolloutReports } from './operations.ts';
import { parseInterval } from './options.ts';

interface TickFlags extends Omit<RolloutTickRequest, 'name' | 'environment'> {
  readonly env?: string;
}

/** `promptv rollout tick [NAME] [--env ENV]`. */
export const rolloutTickCommand = (context: Context, run: RolloutOperations['tick']): Command =>
  addStateOptions(
    new Command('tick')
      .summary('look once, decide, and do at most one transition')
      .description(
        'Looks at a rollout, or at every one under way, decides, and does at most one transition of each, in a ' +
          'commit of its own. For cron and CI; a repetition does nothing twice. Exit 3 when one is paused or aborted.',
      )
      .argument('[prompt]', 'the prompt, or its file (default: every rollout under way)')
      .addOption(textOption('--env <environment>', 'the environment (default: all)')),
  )
    .addHelpText(
      'after',
      formatExamples(
        'promptv rollout tick --push',
        'promptv rollout tick support/triage --env production --json',
      ),
    )
    .action(async (name: string | undefined, { env, ...flags }: TickFlags) => {
      const result = await perform(context, run, { name, environment: env, ...flags });
      await printResult(context, result, { load: rolloutReports.ticks, fields: withOnly });
      if (result.halted) context.exitCode = exitCodes.refused;
    });

/** The fields of the only tick stand at the top too; null where there are several. */
const withOnly = (result: RolloutTickResult): object => {
  const only = result.ticks.length === 1 ? result.ticks[0] : undefined;
  const {
    prompt,
    environment,
    outcome,
    changed,
    why,
    rollout,
    checks,
    ratio,
    nextAt,
    commit,
    pushed,
    pushCommand,
  } = only ?? {};
  return {
    prompt,
    environment,
    outcome,
    changed,
    why,
    rollout,
    checks,
    ratio,
    nextAt,
    commit,
    pushed,
    pushCommand,
    ...result,
  };
};

interface RunFlags {
  readonly env: string;
  readonly every: number;
  readonly branch?: string;
  readonly push?: boolean;
  readonly remote?: string;
}

/** `promptv rollout run NAME --env ENV`. */
export const rolloutRunCommand = (context: Context, run: RolloutOperations['run']): Command =>
  new Command('run')
    .summary('tick until the rollout has ended or waits for a person')
    .description(
      'Ticks again and again until the rollout succeeded, was aborted or is paused; one line a tick, with --json one ' +
        'object. Another run goes on where one ended, here or elsewhere. SIGTERM ends it between two ticks. Exit 3 ' +
        'when the rollout is paused or aborted.',
    )
    .argument('<prompt>', 'the prompt, or its file')
    .addOption(environmentOption())
    .addOption(new Option('--every <duration>', 'how often').argParser(parseInterval).default(30_000, '30s'))
    .addOption(textOption('--branch <name>', 'write the state to this branch (for a pull request)'))
    .option('--push', 'push every transition')
    .addOption(remoteOption())
    .addHelpText(
      'after',
      formatExamples(
        'promptv rollout run support/triage --env production --push',
        'promptv rollout run support/triage --env staging --every 5s --json',
      ),
    )
    .action(async (name: string, { env, every, ...flags }: RunFlags) => {
      const format = context.json ? null : await rolloutReports.tickLine();
      const { last } = await perform(context, run, {
        ...{ name, environment: env, intervalMs: every, ...flags },
        stop: AbortSignal.any([context.interruption, context.listenForTermination(), context.closed]),
        onTick: (tick) =>
          printText(context, format === null ? formatJsonLine(tick) : format(tick, displayOf(context))),
        onTrouble: (error) => context.stderr.write(`${sanitize(error.message)} Trying again.\n`),
      });
      if (last?.outcome === 'paused' || last?.outcome === 'aborted') context.exitCode = exitCodes.refused;
    });

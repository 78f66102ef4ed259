import { Command, Option } from 'commander';
import type { RolloutSettings } from '../../core/rollout/plan-rollout.ts';
import type { Decided } from '../../operations/decide-state.ts';
import type { Followed, FollowOptions } from '../../operations/delivery/follow-up.ts';
import type { PromoteRequest, PromoteResult } from '../../operations/promote.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { addFollowOptions, followOptions, isDoubtful } from '../follow-options.ts';
import { operations, type Run } from '../operations.ts';
import {
  addStateOptions,
  environmentOption,
  formatExamples,
  parseCount,
  textOption,
  usageError,
} from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';
import { parseDuration, parseSteps } from './rollout/options.ts';

interface PromoteFlags extends Omit<PromoteRequest, 'refs' | 'environment' | 'onProgress' | 'rollout'> {
  readonly env: string;
  readonly steps?: ReturnType<typeof parseSteps>;
  readonly hold?: number;
  readonly minSamples?: number;
  readonly gate?: readonly string[];
  readonly monitor?: number;
  readonly notify?: boolean;
}

/** `promptv promote REF… --env ENV`: moves pointers, if every gate agrees. */
export const promoteCommand = (
  context: Context,
  run: Run<PromoteRequest & FollowOptions, Decided<PromoteResult> & Followed> = operations.promote,
): Command =>
  addFollowOptions(
    addStateOptions(
      addRolloutOptions(
        new Command('promote')
          .description(
            "Checks the environment's gates for each version and moves its pointer there, all in one commit or " +
              'none. A version that runs there already is left alone. With a gradual strategy a rollout begins instead, ' +
              'which "promptv rollout" carries on. Exit 3 when a gate says no.',
          )
          .argument('<refs...>', 'versions, such as support/triage@1.3.0; without a selector the latest')
          .addOption(environmentOption())
          .addOption(textOption('--reason <text>', 'why, kept with the deployment')),
      ),
    ),
  )
    .addHelpText(
      'after',
      formatExamples(
        'promptv promote support/triage --env staging --reason "Asks for the order number" --monitor 2m',
        'promptv promote support/triage --env production --strategy canary --hold 30m --gate "latency_ms.p95 <= +20%"',
      ),
    )
    .action(
      async (
        refs: string[],
        { env, steps, hold, minSamples, gate, monitor, notify, ...flags }: PromoteFlags,
      ) => {
        const rollout = { steps, holdMs: hold, minSamples, gates: gate };
        assertStrategy(flags.strategy, rollout);
        const follow = followOptions(context, { monitor, notify });
        const request = { refs, environment: env, ...flags, rollout, ...follow };
        const result = await perform(context, run, request);
        await printResult(context, result, {
          load: reports.promote,
          isChange: !result.refused,
          fields: withOnly,
        });
        if (result.refused || isDoubtful(result)) context.exitCode = exitCodes.refused;
      },
    );

/** Adds what a gradual strategy is told. */
const addRolloutOptions = (command: Command): Command =>
  command
    .addOption(
      textOption(
        '--strategy <strategy>',
        'how it is delivered: immediate, gradual, canary, quick, blue-green, or a preset of the configuration',
      ),
    )
    .addOption(
      new Option('--steps <weights>', 'its weights in per cent, with holds: 5:10m,25:1h,100').argParser(
        parseSteps,
      ),
    )
    .addOption(
      new Option('--hold <duration>', 'how long each step lasts at least, such as 5m').argParser(
        parseDuration,
      ),
    )
    .addOption(
      new Option('--min-samples <count>', 'fewest samples of each version in a step').argParser(parseCount),
    )
    .addOption(
      new Option(
        '--gate <gate>',
        'a condition on the candidate, such as "latency_ms.p95 <= +20%"; may be repeated, and replaces the preset\'s',
      ).argParser(collectGates),
    );

/** The fields of the only promotion stand at the top too; null where there are several. */
const withOnly = (result: Decided<PromoteResult> & Followed): object => {
  const only = result.promotions.length === 1 ? result.promotions[0] : undefined;
  const { prompt, environment, version, previousVersion, unchanged, deployment, gates, rollout, samples } =
    only ?? {};
  return {
    ...{ prompt, environment, version, previousVersion, unchanged, deployment, gates, rollout, samples },
    ...result,
  };
};

const collectGates = (gate: string, before: readonly string[] = []): readonly string[] => [...before, gate];

const assertStrategy = (strategy: string | undefined, rollout: RolloutSettings): void => {
  if (strategy === 'immediate' && Object.values(rollout).some((value) => value !== undefined))
    throw usageError(
      '--steps, --hold, --min-samples and --gate belong to a rollout, and --strategy immediate is none.',
      'Leave them out, or name another strategy.',
    );
};

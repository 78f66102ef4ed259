import { type Command, Option } from 'commander';
import type { Followed, FollowOptions } from '../operations/delivery/follow-up.ts';
import { parseDuration } from './commands/rollout/options.ts';
import type { Context } from './context.ts';

/** What `--notify` and `--monitor` say. */
export interface FollowFlags {
  readonly notify?: boolean;
  readonly monitor?: number;
}

/** `--notify`: without it no sink of the configuration is told of anything. */
export const notifyOption = (): Option =>
  new Option('--notify', 'tell the sinks of "notify" when it is done');

/** Adds `--notify` and `--monitor`. */
export const addFollowOptions = (command: Command): Command =>
  command
    .addOption(notifyOption())
    .addOption(
      new Option(
        '--monitor <duration>',
        'then watch what runs for so long, such as 2m, and say whether it is well',
      ).argParser(parseDuration),
    );

/** Ctrl-C ends the watching, and its verdict is given. */
export const followOptions = (context: Context, { notify, monitor }: FollowFlags): FollowOptions => ({
  notify,
  monitorMs: monitor,
  ...(monitor === undefined
    ? {}
    : {
        stop: AbortSignal.any([context.interruption, context.listenForTermination()]),
        onWatch: context.answerInterruption,
      }),
});

/** Whether anything that was watched is not known to be well. */
export const isDoubtful = ({ monitors }: Followed): boolean =>
  monitors.some(({ verdict }) => verdict !== 'well');

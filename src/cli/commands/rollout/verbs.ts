import { Argument, Command } from 'commander';
import type { RolloutChangeRequest } from '../../../operations/rollout/change.ts';
import type { Context } from '../../context.ts';
import { addStateOptions, environmentOption, formatExamples, textOption, usageError } from '../../options.ts';
import { perform, printResult } from '../../output.ts';
import { type RolloutOperations, rolloutReports } from './operations.ts';
import { parseWeight } from './options.ts';

type Change = RolloutOperations['change'];
type Verb = RolloutChangeRequest['verb'];

interface VerbFlags extends Omit<RolloutChangeRequest, 'name' | 'environment' | 'verb'> {
  readonly env: string;
  readonly full?: boolean;
}

/** `promptv rollout pause NAME --env ENV`. */
export const pauseCommand = (context: Context, run: Change): Command =>
  verbCommand(context, run, 'pause')
    .summary('hold a rollout where it is')
    .description('Holds a rollout where it is: the candidate keeps its share, and no timer goes on.');

/** `promptv rollout resume NAME --env ENV`. */
export const resumeCommand = (context: Context, run: Change): Command =>
  verbCommand(context, run, 'resume')
    .summary('let a paused rollout go on')
    .description(
      'Lets a paused rollout go on; the pause is taken out of its timers. After a mismatch or a failed gate the ' +
        'step begins anew.',
    );

/** `promptv rollout promote NAME --env ENV [--full --reason R]`. */
export const promoteRolloutCommand = (context: Context, run: Change): Command =>
  verbCommand(context, run, 'promote')
    .summary('leave the wait of this step, or go to 100 % at once')
    .description(
      'Goes to the next step without waiting for hold and gates; this is also how a step that waits for a person ' +
        'goes on. With --full the candidate is promoted at once, which needs a reason.',
    )
    .option('--full', 'promote the candidate now, whatever the gates say');

/** `promptv rollout abort NAME --env ENV`. */
export const abortCommand = (context: Context, run: Change): Command =>
  verbCommand(context, run, 'abort')
    .summary('give everyone the stable version again, at once')
    .description(
      'Sets the weight to 0 and ends the rollout. It reads nothing but the state: no metrics, no approvals. A ' +
        'repetition finds it done.',
    )
    .option(
      '--emergency',
      'write down that it was one; a broken configuration file gives way to the committed one',
    );

/** `promptv rollout retry NAME --env ENV`. */
export const retryCommand = (context: Context, run: Change): Command =>
  verbCommand(context, run, 'retry')
    .summary('begin an aborted rollout anew')
    .description('Begins the rollout that was aborted last anew, from its first step and with new figures.');

/** `promptv rollout set-weight NAME N --env ENV`. */
export const setWeightCommand = (context: Context, run: Change): Command =>
  verbCommand(context, run, 'set-weight')
    .summary('give the candidate another share in this step')
    .description(
      'Gives the candidate another share within its step, which begins anew. Less than it has moves units back, and ' +
        'as much as the next step passes one over: both need --force.',
    )
    .addArgument(new Argument('<weight>', 'per cent of the units').argParser(parseWeight))
    .option('--force', 'take any weight');

const examples: Readonly<Record<Verb, readonly string[]>> = {
  pause: ['--reason "Looking into a complaint"', '--push'],
  resume: ['', '--push'],
  promote: ['', '--full --reason "Checked by hand"'],
  'promote-full': [],
  'set-weight': ['15', '0 --force --reason "Quiet for the night"'],
  abort: ['--reason "Wrong labels"', '--emergency --push'],
  retry: ['--reason "The index was rebuilt"', '--push'],
};

const verbCommand = (context: Context, run: Change, verb: Verb): Command =>
  addStateOptions(
    new Command(verb)
      .argument('<prompt>', 'the prompt, or its file')
      .addOption(environmentOption())
      .addOption(textOption('--reason <text>', 'why, kept with the rollout')),
  )
    .addHelpText(
      'after',
      formatExamples(
        ...examples[verb].map((more) =>
          `promptv rollout ${verb} support/triage ${more} --env production`.replace('  ', ' '),
        ),
      ),
    )
    .action(async (name: string, ...rest: readonly unknown[]) => {
      const command = rest.find((each) => each instanceof Command);
      const flags: VerbFlags = command?.opts() ?? { env: '' };
      const [first] = rest;
      const request = toRequest(
        name,
        { ...flags, weight: typeof first === 'number' ? first : undefined },
        verb,
      );
      const result = await perform(context, run, request, { isEmergency: request.emergency });
      await printResult(context, result, { load: rolloutReports.change, isChange: true });
    });

const toRequest = (name: string, { env, full, ...flags }: VerbFlags, verb: Verb): RolloutChangeRequest => {
  if (full && flags.reason === undefined)
    throw usageError('--full passes every gate over, so it needs a reason.', 'Say why: --reason TEXT.');
  return { name, environment: env, verb: full ? 'promote-full' : verb, ...flags };
};

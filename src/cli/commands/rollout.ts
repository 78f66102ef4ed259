import { Command } from 'commander';
import type { Context } from '../context.ts';
import { formatExamples } from '../options.ts';
import { rolloutHistoryCommand, rolloutListCommand } from './rollout/list.ts';
import { type RolloutOperations, rolloutOperations } from './rollout/operations.ts';
import { rolloutStatusCommand } from './rollout/status.ts';
import { rolloutRunCommand, rolloutTickCommand } from './rollout/tick.ts';
import {
  abortCommand,
  pauseCommand,
  promoteRolloutCommand,
  resumeCommand,
  retryCommand,
  setWeightCommand,
} from './rollout/verbs.ts';

/** `promptv rollout VERB`: what `promote --strategy` began. */
export const rolloutCommand = (context: Context, run: RolloutOperations = rolloutOperations): Command =>
  new Command('rollout')
    .description(
      'Gradual delivery. "promptv promote REF --env ENV --strategy gradual" begins a rollout; ticks carry it on, and ' +
        'its gates stop it. All of it is in git, so any machine goes on with what another began.',
    )
    .addCommand(rolloutStatusCommand(context, run.status))
    .addCommand(rolloutTickCommand(context, run.tick))
    .addCommand(rolloutRunCommand(context, run.run))
    .addCommand(pauseCommand(context, run.change))
    .addCommand(resumeCommand(context, run.change))
    .addCommand(promoteRolloutCommand(context, run.change))
    .addCommand(setWeightCommand(context, run.change))
    .addCommand(abortCommand(context, run.change))
    .addCommand(retryCommand(context, run.change))
    .addCommand(rolloutListCommand(context, run.list))
    .addCommand(rolloutHistoryCommand(context, run.history))
    .addHelpText(
      'after',
      formatExamples(
        'promptv rollout status support/triage --env production --watch',
        'promptv rollout run support/triage --env production --push',
      ),
    );

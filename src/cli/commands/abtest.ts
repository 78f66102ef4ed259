import { Command } from 'commander';
import type { Context } from '../context.ts';
import { formatExamples } from '../options.ts';
import { abtestAssignCommand } from './abtest/assign.ts';
import { abtestCreateCommand } from './abtest/create.ts';
import { abtestListCommand } from './abtest/list.ts';
import { abtestResultsCommand } from './abtest/results.ts';
import { abtestSampleSizeCommand } from './abtest/sample-size.ts';
import { abtestShowCommand } from './abtest/show.ts';
import { abtestSimulateCommand } from './abtest/simulate.ts';
import { abtestStartCommand } from './abtest/start.ts';
import { abtestStopCommand } from './abtest/stop.ts';
import { abtestTickCommand } from './abtest/tick.ts';

/** `promptv abtest VERB`: experiments that compare versions of a prompt. */
export const abtestCommand = (context: Context): Command =>
  new Command('abtest')
    .description(
      'Experiments: two or more versions of a prompt, a sticky split of the units, and a decision.',
    )
    .addCommand(abtestCreateCommand(context))
    .addCommand(abtestStartCommand(context))
    .addCommand(abtestStopCommand(context))
    .addCommand(abtestListCommand(context))
    .addCommand(abtestShowCommand(context))
    .addCommand(abtestAssignCommand(context))
    .addCommand(abtestResultsCommand(context))
    .addCommand(abtestTickCommand(context))
    .addCommand(abtestSampleSizeCommand(context))
    .addCommand(abtestSimulateCommand(context))
    .addHelpText(
      'after',
      formatExamples(
        'promptv abtest create tone --prompt support/triage --variant control=1.3.0 --variant treatment=1.4.0',
        'promptv abtest start tone --push',
      ),
    );

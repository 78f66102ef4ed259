import { Command } from 'commander';
import type { Context } from '../context.ts';
import { formatExamples } from '../options.ts';
import { envDiffCommand } from './env/diff.ts';
import { envHistoryCommand } from './env/history.ts';
import { envListCommand } from './env/list.ts';
import { envReportCommand } from './env/report.ts';
import { envShowCommand } from './env/show.ts';

/** `promptv env VERB`: what runs where. */
export const envCommand = (context: Context): Command =>
  new Command('env')
    .description('What the environments run, ran and how it came there. Changes nothing.')
    .addCommand(envListCommand(context))
    .addCommand(envShowCommand(context))
    .addCommand(envHistoryCommand(context))
    .addCommand(envDiffCommand(context))
    .addCommand(envReportCommand(context))
    .addHelpText('after', formatExamples('promptv env list', 'promptv env show production --at 2026-03-01'));

import { Command } from 'commander';
import type { ListRequest, ListResult } from '../../operations/list.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples, textOption } from '../options.ts';
import { perform, printResult } from '../output.ts';
import { reports } from '../reports.ts';

/** `promptv list`: the prompts, narrowed by what the flags name. */
export const listCommand = (context: Context, run: Run<ListRequest, ListResult> = operations.list): Command =>
  new Command('list')
    .description('Lists the prompts with their latest version, state and environments.')
    .addOption(textOption('--type <type>', 'only prompts of this type'))
    .addOption(textOption('--category <category>', 'only prompts of this category'))
    .addOption(textOption('--tag <tag>', 'only prompts with this tag'))
    .addOption(textOption('--env <environment>', 'only prompts that run in this environment'))
    .addHelpText('after', formatExamples('promptv list', 'promptv list --tag customer --env production'))
    .action(
      async ({ type, category, tag, env }: Omit<ListRequest, 'environment'> & { readonly env?: string }) => {
        const result = await perform(context, run, { type, category, tag, environment: env });
        const filtered = [type, category, tag, env].some((filter) => filter !== undefined);
        await printResult(context, result, { load: reports.list, options: { filtered } });
      },
    );

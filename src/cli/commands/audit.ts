import { Command, Option } from 'commander';
import type { AuditRequest, AuditResult } from '../../operations/audit.ts';
import type { Context } from '../context.ts';
import { operations, type Run } from '../operations.ts';
import { formatExamples, readBranchOption, textOption } from '../options.ts';
import { perform, printJson, printResult } from '../output.ts';
import { reports } from '../reports.ts';

type AuditFlags = Omit<AuditRequest, 'name'> & { readonly format: 'table' | 'json' | 'csv' };

/** `promptv audit [NAME]`: one trail of everything. */
export const auditCommand = (
  context: Context,
  run: Run<AuditRequest, AuditResult> = operations.audit,
): Command =>
  new Command('audit')
    .description(
      'Shows one trail of saves, approvals, promotions, rollbacks, marks, remarks, experiments and changes of ' +
        'the configuration: who, when, why, in which commit and how that is signed. Newest first.',
    )
    .argument('[prompt]', 'a prompt, or its file; without it everything')
    .addOption(textOption('--since <time>', 'a day, a moment with its zone, or an age such as 7d'))
    .addOption(textOption('--by <person>', 'part of a name or e-mail'))
    .addOption(readBranchOption())
    .addOption(
      new Option('--format <format>', 'json is the same as --json')
        .choices(['table', 'json', 'csv'])
        .default('table'),
    )
    .addHelpText(
      'after',
      formatExamples('promptv audit support/triage', 'promptv audit --since 30d --format csv > audit.csv'),
    )
    .action(async (name: string | undefined, { since, by, branch, format }: AuditFlags) => {
      const result = await perform(context, run, { name, since, by, branch });
      if (format === 'json') printJson(context, result);
      else await printResult(context, result, { load: format === 'csv' ? reports.auditCsv : reports.audit });
    });

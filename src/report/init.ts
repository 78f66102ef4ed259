import type { InitResult } from '../operations/init.ts';
import type { Display } from './display.ts';
import { formatHooks } from './hooks.ts';
import { createPaint } from './paint.ts';
import { type Cell, formatTable } from './table.ts';
import { joinLines, sanitize } from './text.ts';

const columns = [{ title: 'action' }, { title: 'path' }, { title: 'reason', shrinksTo: 20 }];

/** What was written, what was there already, the rules to set at the host, and how to go on. */
export const formatInit = (result: InitResult, display: Display): string => {
  const paint = createPaint(display);
  const rows = [
    ...result.created.map((path): Cell[] => [
      { text: result.dryRun ? 'would create' : 'created', paint: paint.good },
      path,
    ]),
    ...result.skipped.map(({ path, reason }): Cell[] => [{ text: 'kept', paint: paint.dim }, path, reason]),
  ];
  return joinLines(
    [
      rows.length === 0 ? 'There was nothing to do.' : formatTable(columns, rows, display, { header: false }),
      result.hooks === null ? null : formatHooks({ ...result.hooks, dryRun: false }, display),
      result.advice.length === 0
        ? null
        : [
            'Set these rules where the repository is hosted:',
            ...result.advice.map((rule) => `  • ${sanitize(rule).replaceAll('\n', '\n    ')}`),
          ].join('\n'),
      result.dryRun ? paint.dim('Dry run: nothing was changed.') : formatNext(paint.command),
    ],
    '\n\n',
  );
};

const formatNext = (command: (text: string) => string): string =>
  `Make a prompt: ${command('promptv new support/triage')}\nSee which there are: ${command('promptv status')}`;

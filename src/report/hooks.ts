import type { HooksResult } from '../operations/hooks/install.ts';
import type { PostCommitResult } from '../operations/hooks/run.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { type Cell, formatTable } from './table.ts';
import { joinLines } from './text.ts';

const columns = [{ title: 'hook' }, { title: 'state' }, { title: 'path', shrinksTo: 24 }];

const words = {
  installed: 'installed',
  chained: 'installed, before the one that was there',
  foreign: 'of somebody else',
  absent: 'none',
} as const;

/** Every hook and how it stands; for lefthook the lines to add. */
export const formatHooks = (result: HooksResult, display: Display): string => {
  const paint = createPaint(display);
  const rows = result.hooks.map(({ name, state, path, changed }): Cell[] => [
    name,
    { text: words[state], paint: changed ? paint.good : paint.dim },
    path,
  ]);
  const snippet =
    result.snippet === null
      ? null
      : `lefthook decides what hooks run here. Add to its file, then "lefthook install":\n\n${result.snippet.trimEnd()}`;
  return joinLines(
    [
      result.snippet === null ? formatTable(columns, rows, display, { header: false }) : null,
      snippet,
      result.dryRun ? paint.dim('Dry run: nothing was changed.') : null,
    ],
    '\n\n',
  );
};

/** One line a version; nothing where nothing was saved. */
export const formatPostCommit = ({ saved }: PostCommitResult): string =>
  saved.map(({ prompt, version }) => `promptv: saved ${prompt} ${version}`).join('\n');

import type { RenameResult } from '../operations/rename.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { indent, joinLines, sanitizeLine } from './text.ts';

/** What moved, which files followed, and how the new name gets its versions. */
export const formatRename = (result: RenameResult, display: Display): string => {
  const paint = createPaint(display);
  const to = sanitizeLine(result.to);
  const commit =
    result.commit === null ? '' : paint.dim(`  commit ${sanitizeLine(result.commit.slice(0, 7))}`);
  return joinLines([
    `${result.dryRun ? 'Would rename' : 'Renamed'} ${paint.strong(sanitizeLine(result.from))} → ${paint.strong(to)}  ${sanitizeLine(result.path)}${commit}`,
    result.updated.length === 0
      ? null
      : `References ${result.dryRun ? 'to update' : 'updated'} in:\n${indent(result.updated.map(sanitizeLine).join('\n'), 2)}`,
    result.pushed ? paint.good('Pushed.') : null,
    result.dryRun ? null : `Continue its versions: ${paint.command(`promptv save ${to}`)}`,
  ]);
};

import type { SavedVersion, SaveResult } from '../operations/save.ts';
import type { Display } from './display.ts';
import { createPaint, type Paint } from './paint.ts';
import { type Cell, type Column, formatTable } from './table.ts';
import { formatCount, joinLines, sanitizeLine } from './text.ts';

const savedColumns: readonly Column[] = [
  { title: 'action' },
  { title: 'prompt', shrinksTo: 24 },
  { title: 'versions' },
  { title: 'impact' },
  { title: 'commit' },
];

const leftColumns: readonly Column[] = [
  { title: 'action' },
  { title: 'prompt', shrinksTo: 24 },
  { title: 'why', shrinksTo: 24 },
];

const mostUnchanged = 3;

const noPrompts = 'Nothing to save: there are no prompts yet. Make one: promptv new support/triage';

/** One line a version, then what was left alone and why; the command that pushes stands last. */
export const formatSave = (result: SaveResult, display: Display): string => {
  const paint = createPaint(display);
  if ([result.saved, result.unchanged, result.skipped].every(({ length }) => length === 0)) return noPrompts;
  const saved = result.saved.map((version) => formatSaved(version, result.dryRun, paint));
  // A sweep leaves most prompts alone: a terminal counts them, a pipe gets a row each.
  const isCounted = display.columns !== null && result.unchanged.length > mostUnchanged;
  const left = [
    ...(isCounted ? [] : result.unchanged).map(({ prompt, version }): Cell[] => [
      { text: 'unchanged', paint: paint.dim },
      ...[prompt, { text: version, paint: paint.version }],
    ]),
    ...result.skipped.map(({ prompt, reason }): Cell[] => [
      { text: 'skipped', paint: paint.warn },
      ...[prompt, describeReason(reason)],
    ]),
  ];
  return joinLines([
    saved.length === 0 ? null : formatTable(savedColumns, saved, display, { header: false }),
    left.length === 0 ? null : formatTable(leftColumns, left, display, { header: false }),
    isCounted ? paint.dim(`${formatCount(result.unchanged.length, 'prompt')} unchanged.`) : null,
    saved.length > 0 ? null : 'Nothing to save.',
    formatNext(result, display, paint),
  ]);
};

const formatSaved = (saved: SavedVersion, isDryRun: boolean, paint: Paint): Cell[] => [
  { text: isDryRun ? 'would save' : 'saved', paint: isDryRun ? paint.warn : paint.good },
  { text: saved.prompt, paint: paint.strong },
  {
    text: [saved.previousVersion, saved.version].filter((version) => version !== null).join(' → '),
    paint: paint.version,
  },
  saved.previousVersion === null
    ? { text: 'first version', paint: paint.dim }
    : { text: describeBump(saved), paint: paint.impact[saved.impact] },
  { text: saved.commit === null ? '' : `commit ${saved.commit.slice(0, 7)}`, paint: paint.dim },
];

/** The impact, and the bump where it is another. */
const describeBump = (saved: SavedVersion): string => {
  if (saved.bump === saved.impact || saved.bump === 'initial') return saved.impact;
  return `${saved.impact} (${saved.bump === 'explicit' ? 'version given' : `bump ${saved.bump}`})`;
};

const reasons: Readonly<Record<string, string>> = {
  behind: 'the checkout is behind its branch',
  'older-text': 'it has the text of an older version; name it to save it again',
  ignored: 'git ignores it',
  'partially-staged': 'it is staged in part',
  unmerged: 'it has a conflict that is not settled',
};

const describeReason = (reason: string): string =>
  (Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? reason;

const mostPushed = 2;

const formatNext = (result: SaveResult, display: Display, paint: Paint): string | null => {
  if (result.dryRun) return result.saved.length === 0 ? null : paint.dim('Dry run: nothing was changed.');
  if (result.pushed) return paint.good('Pushed.');
  if (result.pushCommand === null) return null;
  // The exact refs of many tags fill the screen; saving again with --push pushes them too.
  const isLong = display.columns !== null && result.saved.length > mostPushed;
  return `Push: ${paint.command(isLong ? 'promptv save --push' : sanitizeLine(result.pushCommand))}`;
};

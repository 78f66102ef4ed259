import { countLines, diffLines } from '../core/diff/text-diff.ts';
import type { DiffResult } from '../operations/diff.ts';
import type { BaseChange } from '../operations/diff-base.ts';
import type { PromptDiff } from '../operations/diff-pair.ts';
import { formatChanges } from './changes.ts';
import { formatPatch, formatWordPatch } from './diff-text.ts';
import type { Display } from './display.ts';
import { formatComparedMetrics } from './metrics/compare.ts';
import { createPaint, type Paint } from './paint.ts';
import { formatSideBySide } from './side-by-side.ts';
import { type Column, formatTable } from './table.ts';
import { formatCount, joinLines, sanitize } from './text.ts';

interface DiffReportOptions {
  /** One line a prompt: impact, lines and tokens, no text. */
  readonly stat?: boolean;
  /** Words inside lines instead of whole lines: `[-old-]{+new+}`, or by colour alone. */
  readonly word?: boolean;
  /** Two columns, as wide as the terminal; 130 columns in a pipe, as `diff -y` has it. */
  readonly sideBySide?: boolean;
  /** What git is about to commit was compared, and nobody looked at the files on disk. */
  readonly staged?: boolean;
}

const formatSame = ({ base, warnings }: DiffResult, { staged }: DiffReportOptions): string => {
  if (base !== null) return 'No difference: every prompt is as it was there.';
  // Those that cannot be read stand in the warnings.
  if (warnings.length > 0) return 'No difference in the other prompts.';
  return `No difference: every prompt is ${staged ? 'staged ' : ''}as it was last saved. "promptv log" lists the versions.`;
};

/** What changed in each prompt: its impact, every named difference, the tokens and the text. */
export const formatDiff = (result: DiffResult, display: Display, options: DiffReportOptions = {}): string => {
  const { diffs, base } = result;
  const unversioned =
    base === null ? formatUnversioned(result.unversioned, display) : formatOthers(base.prompts, display);
  if (diffs.length === 0) {
    return unversioned ?? formatSame(result, options);
  }
  // In a pipe this may be a patch or rows to read, where a remark has no place.
  const remark = display.columns === null ? null : unversioned;
  if (options.stat === true) return joinLines([formatStat(diffs, display), remark]);
  return joinLines([...diffs.map((diff) => formatPromptDiff(diff, display, options)), remark], '\n\n');
};

/** A new prompt has nothing to be compared with: which ones, and what to do. */
const formatUnversioned = (prompts: readonly string[], display: Display): string | null => {
  if (prompts.length === 0) return null;
  const paint = createPaint(display);
  const named = prompts.length > 3 ? formatCount(prompts.length, 'new prompt') : sanitize(prompts.join(', '));
  const verb = prompts.length === 1 ? 'has' : 'have';
  return `${named} ${verb} no version to compare with yet: ${paint.command('promptv save')}`;
};

/** What there is no text to compare of: new, deleted and unreadable prompts. */
const formatOthers = (prompts: readonly BaseChange[], display: Display): string | null => {
  const others = prompts.filter(({ impact }) => impact === null);
  if (others.length === 0) return null;
  const rows = others.map(({ state, prompt, reason, latest, next }) => [
    state,
    prompt,
    reason ?? next ?? latest ?? '',
  ]);
  return formatTable(
    [{ title: 'change' }, { title: 'prompt' }, { title: 'reason', shrinksTo: 20 }],
    rows,
    display,
    { header: false },
  );
};

const formatPromptDiff = (diff: PromptDiff, display: Display, options: DiffReportOptions): string => {
  const paint = createPaint(display);
  const header = `${paint.strong(sanitize(diff.prompt))}  ${formatSides(diff, paint)}   impact ${paint.impact[diff.impact](diff.impact)}`;
  if (diff.patch === '' && diff.changes.length === 0) return `${header}\nNo difference.`;
  const margin = display.columns === null ? '' : '  ';
  const changes =
    diff.changes.length === 0
      ? `${margin}${paint.dim('Only comments or layout differ: there is nothing to save.')}`
      : formatChanges(diff.changes, display);
  return joinLines(
    [
      header,
      joinLines([changes, `${margin}${formatTokens(diff, paint)}`]),
      diff.metrics === null ? null : formatComparedMetrics(diff.metrics.metrics, display),
      formatText(diff, display, options),
    ],
    '\n\n',
  );
};

const formatSides = (diff: PromptDiff, paint: Paint): string =>
  `${paint.version(sanitize(diff.before.label))} → ${paint.version(sanitize(diff.after.label))}`;

const formatTokens = (diff: PromptDiff, paint: Paint): string => {
  const { before, after } = { before: diff.before.tokens, after: diff.after.tokens };
  return before === after
    ? paint.dim(`about ${formatCount(after, 'token')}, as before`)
    : `about ${before} → ${formatCount(after, 'token')} ${paint.dim(`(${formatSigned(after - before)})`)}`;
};

const formatSigned = (difference: number): string => (difference > 0 ? `+${difference}` : String(difference));

const formatText = (diff: PromptDiff, display: Display, options: DiffReportOptions): string | null => {
  if (diff.patch === '') return null;
  if (options.sideBySide === true) return formatSideBySide(diff, display);
  return options.word === true ? formatWordPatch(diff, display) : formatPatch(diff, display);
};

const formatStat = (diffs: readonly PromptDiff[], display: Display): string => {
  const paint = createPaint(display);
  const counted = diffs.map((diff) => ({
    diff,
    ...countLines(diffLines(diff.before.text, diff.after.text)),
    tokens: diff.after.tokens - diff.before.tokens,
  }));
  if (display.columns === null) {
    const rows = counted.map(({ diff, added, removed }) => [
      ...[diff.prompt, diff.from, diff.to, diff.impact, `+${added}`, `-${removed}`],
      ...[String(diff.before.tokens), String(diff.after.tokens)],
    ]);
    return formatTable([], rows, display);
  }
  const rows = counted.map(({ diff, added, removed, tokens }) => [
    { text: diff.prompt, paint: paint.strong },
    { text: `${diff.before.label} → ${diff.after.label}`, paint: paint.version },
    { text: diff.impact, paint: paint.impact[diff.impact] },
    { text: `+${added}`, paint: paint.good },
    { text: `-${removed}`, paint: paint.bad },
    `${diff.before.tokens} → ${diff.after.tokens} tokens (${formatSigned(tokens)})`,
  ]);
  const total = (side: 'added' | 'removed') => counted.reduce((sum, one) => sum + one[side], 0);
  const summary = `${formatCount(diffs.length, 'prompt')} changed, ${formatCount(total('added'), 'line')} added, ${total('removed')} removed`;
  const table = formatTable(statColumns, rows, display, { header: false });
  return diffs.length === 1 ? table : `${table}\n${paint.dim(summary)}`;
};

const statColumns: readonly Column[] = [
  { title: 'prompt', shrinksTo: 24 },
  { title: 'versions' },
  { title: 'impact' },
  { title: 'added', align: 'right' },
  { title: 'removed', align: 'right' },
  { title: 'tokens', optional: true },
];

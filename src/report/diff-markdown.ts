import type { DiffResult } from '../operations/diff.ts';
import type { BaseChange } from '../operations/diff-base.ts';
import type { PromptDiff } from '../operations/diff-pair.ts';
import { describeChange } from './changes.ts';
import { formatCode, formatFence, formatMarkdownTable } from './markdown.ts';
import { formatCount } from './text.ts';

/** GitHub takes 65,536 characters in a comment. */
const maxLength = 60_000;
const maxRows = 150;
const maxChanges = 30;
const maxPatch = 6_000;

/**
 * The comparison as a comment on a pull request: a table of the prompts, then of each its changes and its text. Cut, and
 * says so, to stay below 60,000 characters; nothing in a prompt can be markup, a mention or a command to a CI's log.
 */
export const formatDiffMarkdown = (result: DiffResult): string => {
  const rows = result.base === null ? result.diffs.map(comparedRow) : result.base.prompts.map(changeRow);
  if (rows.length === 0) return '## Prompts\n\nNo prompt changed.\n';
  const table = formatMarkdownTable(
    ['prompt', 'change', 'impact', 'version', 'tokens'],
    rows.slice(0, maxRows),
  );
  const parts = [`## Prompts: ${summarize(result, rows.length)}`, table];
  if (rows.length > maxRows) parts.push(`${formatCount(rows.length - maxRows, 'more prompt')} not shown.`);
  let room = maxLength - parts.join('\n\n').length - 200;
  let left = result.diffs.length;
  for (const diff of result.diffs) {
    const details = formatDetails(diff);
    room -= details.length + 2;
    if (room < 0) break;
    parts.push(details);
    left -= 1;
  }
  if (left > 0)
    parts.push(`The changes of ${formatCount(left, 'prompt')} do not fit here: run promptv diff.`);
  return `${parts.join('\n\n')}\n`;
};

const summarize = ({ base, diffs }: DiffResult, count: number): string => {
  const impacts = (base === null ? diffs : base.prompts).map(({ impact }) => impact);
  const strongest = (['major', 'minor', 'patch'] as const).find((impact) => impacts.includes(impact));
  return `${count} changed${strongest ? `, impact ${strongest}` : ''}`;
};

const changeRow = (change: BaseChange): string[] => {
  const { prompt, state, impact, reason, latest, next, tokens } = change;
  const version = next === null ? (latest ?? '–') : latest === null ? next : `${latest} → ${next}`;
  return [
    formatCode(prompt),
    reason === null ? state : `${state}: ${formatCode(reason)}`,
    formatImpact(impact),
    formatCode(version),
    formatTokens(tokens),
  ];
};

const comparedRow = ({ prompt, impact, before, after }: PromptDiff): string[] => [
  formatCode(prompt),
  'changed',
  formatImpact(impact),
  formatCode(`${before.label} → ${after.label}`),
  formatTokens({ before: before.tokens, after: after.tokens }),
];

const formatImpact = (impact: BaseChange['impact']): string =>
  impact === 'major' ? '**major**' : (impact ?? '–');

const formatTokens = ({ before, after }: BaseChange['tokens']): string => {
  if (before === null || after === null) return String(after ?? '–');
  const difference = after - before;
  return difference === 0
    ? String(after)
    : `${before} → ${after} (${difference > 0 ? '+' : ''}${difference})`;
};

const formatDetails = ({ prompt, impact, changes, patch }: PromptDiff): string => {
  const parts = [`<details><summary>${formatCode(prompt)}: ${impact}</summary>`];
  if (changes.length === 0) parts.push('Only comments or layout differ: there is nothing to save.');
  else parts.push(formatChangeTable(changes));
  if (patch !== '') parts.push(formatPatch(patch));
  return [...parts, '</details>'].join('\n\n');
};

const formatChangeTable = (changes: PromptDiff['changes']): string => {
  const rows = changes
    .slice(0, maxChanges)
    .map((change) => [
      change.impact,
      change.kind,
      formatCode(change.path),
      formatCode(describeChange(change)),
    ]);
  const rest = changes.length - rows.length;
  const table = formatMarkdownTable(['impact', 'kind', 'path', 'difference'], rows);
  return rest > 0 ? `${table}\n\n${formatCount(rest, 'more change')} not shown.` : table;
};

/** From the first hunk on: whole lines, unless the first is too long alone. */
const formatPatch = (patch: string): string => {
  const text = patch.slice(Math.max(0, patch.indexOf('@@ '))).replace(/\n$/, '');
  if (text.length <= maxPatch) return formatFence(text, 'diff');
  const cut = text.slice(0, maxPatch);
  const end = cut.lastIndexOf('\n');
  return `${formatFence(end > maxPatch / 2 ? cut.slice(0, end) : cut, 'diff')}\n\nThe text is longer and cut here.`;
};

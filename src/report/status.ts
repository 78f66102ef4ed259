import type { RolloutView } from '../operations/rollout/rollout-view.ts';
import type { PromptStatus, StatusResult } from '../operations/status.ts';
import type { PromptState } from '../operations/types.ts';
import type { Display } from './display.ts';
import { createPaint, type Paint } from './paint.ts';
import { type Cell, type Column, formatTable } from './table.ts';
import { formatCount, joinLines, sanitize, sanitizeLine } from './text.ts';

const columns: readonly Column[] = [
  { title: 'state' },
  { title: 'prompt', shrinksTo: 24 },
  { title: 'versions' },
  { title: 'impact' },
  { title: 'reason', shrinksTo: 16 },
];

const groups: readonly { readonly title: string; readonly states: readonly PromptState[] }[] = [
  { title: 'To save:', states: ['new', 'modified'] },
  { title: 'With the text of an older version (named, they are saved again):', states: ['behind'] },
  { title: 'Without a file:', states: ['deleted'] },
  { title: 'Not readable (nothing is saved until they are corrected):', states: ['invalid'] },
];

/** What differs from the latest versions, grouped by what can be done about it; the next command to type stands last. */
export const formatStatus = (result: StatusResult, display: Display): string => {
  if (result.prompts.length === 0) return 'No prompts yet. Make one: promptv new support/triage';
  if (display.columns === null) {
    const rows = [...result.prompts.map(formatPipedRow), ...result.rollouts.map(formatPipedRollout)];
    return formatTable([], rows, display);
  }
  const paint = createPaint(display);
  const clean = result.prompts.filter((prompt) => prompt.state === 'clean').length;
  return joinLines(
    [
      result.branch === null ? null : `On branch ${paint.strong(sanitizeLine(result.branch))}`,
      ...groups.map(({ title, states }) => {
        const prompts = result.prompts.filter((prompt) => states.includes(prompt.state));
        return prompts.length === 0 ? null : `${title}\n${formatGroup(prompts, display, paint)}`;
      }),
      clean === 0 ? null : paint.dim(`${formatCount(clean, 'prompt')} as last saved.`),
      formatRollouts(result.rollouts, display),
      suggestNext(result.prompts, paint),
    ],
    '\n\n',
  );
};

const formatPipedRow = (prompt: PromptStatus): Cell[] => [
  ...[prompt.state, prompt.prompt, prompt.latest ?? '', prompt.next ?? ''],
  ...[prompt.impact ?? '', prompt.refusal?.code ?? prompt.reason ?? '', prompt.path ?? ''],
];

const formatPipedRollout = (rollout: RolloutView): Cell[] => [
  ...['rollout', rollout.prompt, rollout.stable, rollout.candidate],
  ...['', `${rollout.environment}: ${describeProgress(rollout)}`, ''],
];

const rolloutColumns: readonly Column[] = [
  { title: 'environment' },
  { title: 'prompt', shrinksTo: 20 },
  { title: 'versions' },
  { title: 'progress' },
];

const formatRollouts = (rollouts: readonly RolloutView[], display: Display): string | null => {
  if (rollouts.length === 0) return null;
  const paint = createPaint(display);
  const rows = rollouts.map((rollout): Cell[] => [
    rollout.environment,
    { text: rollout.prompt, paint: paint.strong },
    { text: `${rollout.stable} → ${rollout.candidate}`, paint: paint.version },
    { text: describeProgress(rollout), paint: rollout.state === 'paused' ? paint.warn : paint.good },
  ]);
  const table = formatTable(rolloutColumns, rows, display, { header: false, indent: 2 });
  return `Rollouts under way (${paint.command('promptv rollout status NAME --env ENV')}):\n${table}`;
};

const describeProgress = ({ state, pause, step, steps, weight }: RolloutView): string =>
  `${pause === null ? state : `${state} (${pause.reason})`} at ${weight} %, step ${step} of ${steps.length}`;

const formatGroup = (prompts: readonly PromptStatus[], display: Display, paint: Paint): string => {
  const rows = prompts.map((prompt): Cell[] => [
    { text: prompt.state, paint: paint.state[prompt.state] },
    { text: prompt.prompt, paint: paint.strong },
    { text: [prompt.latest, prompt.next].filter((one) => one !== null).join(' → '), paint: paint.version },
    prompt.impact === null || prompt.impact === 'none'
      ? ''
      : { text: prompt.impact, paint: paint.impact[prompt.impact] },
    { text: prompt.state === 'invalid' ? (prompt.path ?? '') : describeReason(prompt), paint: paint.dim },
  ]);
  const table = formatTable(columns, rows, display, { header: false, indent: 2 });
  const most = prompts.length === 1 ? Number.POSITIVE_INFINITY : shownProblems;
  return joinLines([table, ...prompts.flatMap((prompt) => formatProblems(prompt, { paint, most }))]);
};

const describeReason = (prompt: PromptStatus): string =>
  prompt.reason === 'dependency' ? 'newer partial' : (prompt.reason ?? '');

/** Of each prompt; of a single one all are shown. */
const shownProblems = 5;

interface ProblemDisplay {
  readonly paint: Paint;
  readonly most: number;
}

const formatProblems = (prompt: PromptStatus, { paint, most }: ProblemDisplay): string[] => {
  const lines = prompt.problems.slice(0, most).map((problem) => {
    const place = `${sanitizeLine(prompt.path ?? prompt.prompt)}:${problem.line}:${problem.column}`;
    const color = problem.severity === 'error' ? paint.bad : paint.warn;
    return `    ${place} ${color(problem.severity)} ${sanitize(problem.message)}`;
  });
  const rest = prompt.problems.length - lines.length;
  if (rest > 0)
    lines.push(
      `    and ${formatCount(rest, 'more problem')}: ${paint.command(`promptv status ${sanitizeLine(prompt.path ?? prompt.prompt)}`)}`,
    );
  // No place in the text is to blame: the file's name, a link, a partial.
  if (prompt.state === 'invalid' && !prompt.problems.some(({ severity }) => severity === 'error'))
    lines.push(`    ${paint.bad('error')} ${sanitizeLine(prompt.reason ?? '')}`);
  if (prompt.refusal) lines.push(`    ${paint.bad('refused')} ${sanitizeLine(prompt.refusal.message)}`);
  return lines;
};

const suggestNext = (prompts: readonly PromptStatus[], paint: Paint): string => {
  const unsaved = prompts.filter((prompt) => prompt.state === 'new' || prompt.state === 'modified');
  const first = sanitizeLine(unsaved[0]?.prompt ?? '');
  const isBlocked = prompts.some((prompt) => prompt.state === 'invalid');
  if (unsaved.length === 0) {
    return isBlocked ? 'Nothing to save before the files above are corrected.' : 'Nothing to save.';
  }
  if (isBlocked) return `Save one of the others: ${paint.command(`promptv save ${first}`)}`;
  const refused = unsaved.find(({ refusal }) => refusal !== null);
  if (refused) return `A save would be refused. ${sanitizeLine(refused.refusal?.hint ?? '')}`;
  // A prompt without any version has nothing to be compared with.
  const isComparable = unsaved.some(({ state, reason }) => state === 'modified' || reason !== null);
  const diff = paint.command(unsaved.length === 1 ? `promptv diff ${first}` : 'promptv diff');
  return `${isComparable ? `See what changed: ${diff}\n` : ''}Save ${unsaved.length === 1 ? 'it' : 'them'}: ${paint.command('promptv save -m MESSAGE')}`;
};

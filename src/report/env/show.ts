import type { RolloutShare } from '../../core/environment/pointer.ts';
import type { EnvShowResult, UpstreamDrift } from '../../operations/env/show.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { personName } from './person.ts';

const columns: readonly Column[] = [
  { title: 'prompt', shrinksTo: 30 },
  { title: 'version' },
  { title: 'since' },
  { title: 'tag' },
  { title: 'by', shrinksTo: 8, optional: true },
  { title: 'how' },
  { title: 'reason', shrinksTo: 12 },
  { title: 'rollout' },
];

/** What runs, or ran at a moment, with what the tags and the remote say otherwise. */
export const formatEnvShow = (result: EnvShowResult, display: Display): string => {
  const paint = createPaint(display);
  const name = sanitizeLine(result.environment);
  const at = result.atLocal === null ? null : sanitizeLine(result.atLocal);
  if (result.prompts.length === 0 && result.damaged.length === 0)
    return `${name} ${at === null ? 'runs nothing yet' : `ran nothing at ${at}`}.`;
  const rows = [
    ...result.prompts.map((prompt): Cell[] => [
      { text: prompt.prompt, paint: paint.strong },
      { text: prompt.version, paint: paint.version },
      { text: formatTime(prompt.since, display), paint: paint.dim },
      { text: prompt.drift ?? '', paint: paint.bad },
      display.columns === null ? prompt.by : personName(prompt.by),
      prompt.action === 'rollback' ? { text: 'rolled back', paint: paint.warn } : '',
      prompt.reason ?? '',
      { text: formatShare(prompt.rollout), paint: paint.warn },
    ]),
    ...result.damaged.map(({ prompt }): Cell[] => [
      { text: prompt, paint: paint.strong },
      { text: 'damaged', paint: paint.bad },
      ...['', '', '', '', '', ''],
    ]),
  ].sort((a, b) => (textOf(a[0]) < textOf(b[0]) ? -1 : 1));
  const table = formatTable(columns, rows, display);
  if (display.columns === null) return table;
  return joinLines(
    [
      `${paint.strong(name)} ${at === null ? 'runs' : `ran at ${at}`}:`,
      table,
      formatDrift(result, paint),
      formatUpstream(result.upstream, display),
    ],
    '\n\n',
  );
};

/** `1.2.0 at 10 %`, with the state of one that is not just running. */
export const formatShare = (rollout: RolloutShare | null): string => {
  if (rollout === null) return '';
  const { candidate, weight, state } = rollout;
  return `${candidate} at ${weight} %${state === 'running' ? '' : `, ${state}`}`;
};

const textOf = (cell: Cell | undefined): string => (typeof cell === 'object' ? cell.text : (cell ?? ''));

const formatDrift = ({ prompts, damaged }: EnvShowResult, paint: Paint): string | null => {
  const missing = prompts.filter(({ drift }) => drift === 'missing').length;
  const wrong = prompts.some(({ drift }) => drift === 'changed') || damaged.length > 0;
  if (missing === 0 && !wrong) return null;
  return joinLines([
    missing === 0 ? null : `Fetch the tags that are missing: ${paint.command('promptv sync --tags')}`,
    wrong ? `See what is wrong: ${paint.command('promptv doctor')}` : null,
  ]);
};

const upstreamColumns: readonly Column[] = [
  { title: 'prompt', shrinksTo: 20 },
  { title: 'here' },
  { title: 'there' },
];

const formatUpstream = (upstream: UpstreamDrift | null, display: Display): string | null => {
  if (upstream === null || upstream.differences.length === 0) return null;
  const paint = createPaint(display);
  const rows = upstream.differences.map(({ prompt, a, b }): Cell[] => [
    { text: prompt, paint: paint.strong },
    { text: a ?? '·', paint: paint.version },
    { text: b ?? '·', paint: paint.version },
  ]);
  const table = formatTable(upstreamColumns, rows, display, { indent: 2 });
  return `${paint.warn(`${sanitizeLine(upstream.branch)} says otherwise:`)}\n${table}`;
};

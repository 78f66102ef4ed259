import type { ListedPrompt, ListResult } from '../operations/list.ts';
import type { Display } from './display.ts';
import { formatShare } from './env/show.ts';
import { createPaint } from './paint.ts';
import { type Cell, type Column, formatTable } from './table.ts';
import { formatTime } from './time.ts';

interface ListReportOptions {
  /** True when the request asked for a type, category, tag or environment. */
  readonly filtered?: boolean;
}

const columns: readonly Column[] = [
  { title: 'prompt', shrinksTo: 24 },
  { title: 'version' },
  { title: 'state' },
  { title: 'environments', shrinksTo: 18 },
  { title: 'saved' },
  { title: 'description', shrinksTo: 20, optional: true },
  { title: 'type', optional: true },
  { title: 'category', optional: true },
  { title: 'tags', shrinksTo: 12, optional: true },
];

/** The prompts as a table, one a row, with version, state and where they run; in a pipe also their paths. */
export const formatList = (result: ListResult, display: Display, options: ListReportOptions = {}): string => {
  const paint = createPaint(display);
  if (result.prompts.length === 0) {
    return options.filtered === true
      ? 'No prompt matches. "promptv list" without options lists them all.'
      : 'No prompts yet. Make one: promptv new support/triage';
  }
  const rows = result.prompts.map((prompt): Cell[] => [
    { text: prompt.prompt, paint: paint.strong },
    { text: prompt.version ?? '', paint: paint.version },
    { text: prompt.state, paint: paint.state[prompt.state] },
    {
      text: Object.entries(prompt.environments)
        .map(([environment, version]) => `${environment} ${version}${onItsWay(prompt.rollouts[environment])}`)
        .join(', '),
      paint: paint.good,
    },
    { text: prompt.date === null ? '' : formatTime(prompt.date, display), paint: paint.dim },
    prompt.description ?? '',
    prompt.type ?? '',
    prompt.category ?? '',
    prompt.tags.join(', '),
    ...(display.columns === null ? [prompt.path ?? ''] : []),
  ]);
  return formatTable(columns, rows, display);
};

const onItsWay = (rollout: ListedPrompt['rollouts'][string] | undefined): string =>
  rollout === undefined ? '' : ` (${formatShare(rollout)})`;

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

const about: readonly Column[] = [
  { title: 'prompt', shrinksTo: 32 },
  { title: 'version' },
  { title: 'state' },
];

const details: readonly Column[] = [
  { title: 'saved', optional: true },
  { title: 'description', shrinksTo: 20, optional: true },
  { title: 'type', optional: true },
  { title: 'category', optional: true },
  { title: 'tags', shrinksTo: 12, optional: true },
];

/**
 * The prompts as a table, one a row, with version, state and where they run: a column an environment, as long as the
 * terminal has room for them. In a pipe where they run is one field, and the paths are the last.
 */
export const formatList = (result: ListResult, display: Display, options: ListReportOptions = {}): string => {
  const paint = createPaint(display);
  if (result.prompts.length === 0) {
    return options.filtered === true
      ? 'No prompt matches. "promptv list" without options lists them all.'
      : 'No prompts yet. Make one: promptv new support/triage';
  }
  const apart = hasRoom(result, display) ? result.environments : null;
  const rows = result.prompts.map((prompt): Cell[] => [
    { text: prompt.prompt, paint: paint.strong },
    { text: prompt.version ?? '', paint: paint.version },
    { text: prompt.state, paint: paint.state[prompt.state] },
    ...(apart
      ? apart.map((environment) => ({ text: describeRunning(prompt, environment), paint: paint.good }))
      : [{ text: describePlaces(prompt), paint: paint.good }]),
    { text: prompt.date === null ? '' : formatTime(prompt.date, display), paint: paint.dim },
    prompt.description ?? '',
    prompt.type ?? '',
    prompt.category ?? '',
    prompt.tags.join(', '),
    ...(display.columns === null ? [prompt.path ?? ''] : []),
  ]);
  const places = apart
    ? apart.map((environment): Column => ({ title: environment, shrinksTo: 26 }))
    : [{ title: 'environments', shrinksTo: 18 }];
  return formatTable([...about, ...places, ...details], rows, display);
};

/** Beside a prompt's name, version and state. */
const hasRoom = ({ environments }: ListResult, { columns }: Display): boolean =>
  columns !== null &&
  columns >= 44 + environments.reduce((sum, name) => sum + Math.max(name.length, 8) + 2, 0);

const describePlaces = (prompt: ListedPrompt): string =>
  Object.keys(prompt.environments)
    .map((environment) => `${environment} ${describeRunning(prompt, environment)}`)
    .join(', ');

const describeRunning = ({ environments, rollouts }: ListedPrompt, environment: string): string => {
  const version = environments[environment];
  const rollout = rollouts[environment];
  if (version === undefined) return '';
  return rollout === undefined ? version : `${version} (${formatShare(rollout)})`;
};

import type { EnvHistoryResult, LoggedDeployment } from '../../operations/env/history.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { personName } from './person.ts';

const columns: readonly Column[] = [
  { title: 'what' },
  { title: 'when' },
  { title: 'prompt', shrinksTo: 22 },
  { title: 'versions' },
  { title: 'by', shrinksTo: 8, optional: true },
  { title: 'reason', shrinksTo: 10 },
  { title: 'id', optional: true },
];

/** The deployments of an environment as a timeline, newest first. */
export const formatEnvHistory = (result: EnvHistoryResult, display: Display): string => {
  const { environment, prompt, deployments } = result;
  const place = sanitizeLine(environment);
  if (deployments.length === 0)
    return prompt === null
      ? `Nothing was ever promoted to ${place}.`
      : `${sanitizeLine(prompt)} was never promoted to ${place}.`;
  if (display.columns === null) return formatTable([], deployments.map(formatPipedRow), display);
  const paint = createPaint(display);
  const rows = deployments.map((deployment): Cell[] => [
    markOf(deployment, paint),
    { text: formatTime(deployment.at, display), paint: paint.dim },
    prompt === null ? { text: deployment.prompt, paint: paint.strong } : '',
    { text: versionsOf(deployment), paint: paint.version },
    personName(deployment.triggeredBy ?? deployment.by),
    deployment.reason ?? '',
    { text: deployment.id, paint: paint.dim },
  ]);
  const subject = prompt === null ? place : `${sanitizeLine(prompt)} in ${place}`;
  return joinLines([`${paint.strong(subject)}, newest first:`, formatTable(columns, rows, display)], '\n\n');
};

/** Of a rollout that was aborted: what was tried, and what runs on. */
const versionsOf = ({ action, rollout, previousVersion, version }: LoggedDeployment): string =>
  `${(action === 'abort' ? rollout?.candidate : previousVersion) ?? '·'} → ${version}`;

/** In words, so that it is readable without colours. */
const markOf = ({ action, trigger, rollout }: LoggedDeployment, paint: Paint): Cell => {
  if (action === 'promote') return { text: rollout === null ? 'promoted' : 'rolled out', paint: paint.good };
  if (action === 'abort') return { text: 'rollout aborted', paint: paint.bad };
  return trigger === 'emergency' || trigger === 'automatic'
    ? { text: `rolled back (${trigger})`, paint: paint.bad }
    : { text: 'rolled back', paint: paint.warn };
};

const formatPipedRow = (deployment: LoggedDeployment): Cell[] => [
  ...[deployment.at, deployment.action, deployment.prompt, deployment.previousVersion ?? ''],
  ...[deployment.version, deployment.by, deployment.trigger ?? '', deployment.reason ?? '', deployment.id],
];

import type { AbtestCreateResult } from '../../operations/abtest/create.ts';
import type { AbtestStartResult } from '../../operations/abtest/start.ts';
import type { AbtestStopResult } from '../../operations/abtest/stop.ts';
import type { Decided } from '../../operations/decide-state.ts';
import type { Display } from '../display.ts';
import { formatGates, formatSatisfy } from '../gates.ts';
import { createPaint } from '../paint.ts';
import { formatCommit } from '../promote.ts';
import { joinLines, sanitize, sanitizeLine } from '../text.ts';
import { formatSplit } from './split.ts';

/** What was defined, and how to start it. */
export const formatCreate = (result: Decided<AbtestCreateResult>, display: Display): string => {
  const paint = createPaint(display);
  const { experiment, path, unchanged, dryRun } = result;
  const verb = unchanged ? 'Defined already:' : dryRun ? 'Would define' : 'Defined';
  const id = sanitizeLine(experiment.id);
  return joinLines([
    `${verb} ${paint.strong(id)} on ${sanitizeLine(experiment.prompt)} in ${sanitizeLine(experiment.environment)} (${path})`,
    formatSplit(experiment, display),
    formatCommit(result, display),
    unchanged || dryRun ? null : `Start it: ${paint.command(`promptv abtest start ${id}`)}`,
  ]);
};

const startVerbs = {
  started: ['Started', 'Would start'],
  phase: ['Changed the weights of', 'Would change the weights of'],
  unchanged: ['Nothing to change in', 'Nothing to change in'],
} as const;

/** What runs from now on, or from the moment that it is scheduled for. */
export const formatStart = (result: Decided<AbtestStartResult>, display: Display): string => {
  const paint = createPaint(display);
  const { experiment, outcome, dryRun } = result;
  const verb = startVerbs[outcome][dryRun ? 1 : 0];
  const isAhead = experiment.startedAt !== null && Date.parse(experiment.startedAt) > display.now.getTime();
  return joinLines([
    `${verb} ${paint.strong(sanitizeLine(experiment.id))} in ${sanitizeLine(experiment.environment)}${
      isAhead ? `, from ${experiment.startedAt} on` : ''
    }`,
    formatSplit(experiment, display),
    formatCommit(result, display),
  ]);
};

/** How it ended, and what became of the winner; of a refusal the commands that would satisfy it. */
export const formatStop = (result: Decided<AbtestStopResult>, display: Display): string => {
  const paint = createPaint(display);
  const { experiment, promotion, refused } = result;
  const gates = promotion?.gates ?? [];
  const name = paint.strong(sanitizeLine(experiment.id));
  if (refused)
    return joinLines([
      `${name} goes on: ${promotion?.environment} does not take its winner.`,
      formatGates(gates, display),
      paint.bad('Refused: nothing was changed.'),
      formatSatisfy(gates, display),
    ]);
  return joinLines([
    `${verbOf(result)} ${name}: ${describeEnd(result)}`,
    experiment.decision ? `  ${sanitize(experiment.decision.sentence)}` : null,
    promotion
      ? `${promotion.unchanged ? 'Runs' : result.dryRun ? 'Would run' : 'Now runs'} in ${promotion.environment}: ${paint.version(promotion.version)}`
      : null,
    gates.length > 0 ? formatGates(gates, display) : null,
    formatCommit(result, display),
  ]);
};

const verbOf = ({ unchanged, dryRun }: AbtestStopResult): string =>
  unchanged ? 'Ended already:' : dryRun ? 'Would end' : 'Ended';

const describeEnd = ({ experiment: { decision, environment } }: AbtestStopResult): string =>
  decision?.winner
    ? `${sanitizeLine(decision.winner)} wins`
    : `no winner, ${sanitizeLine(environment)} gives everybody the control`;

import type { PauseReason } from '../../core/rollout/record.ts';
import type { RolloutView } from '../../operations/rollout/rollout-view.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint, type Painter } from '../paint.ts';
import { formatSpan } from '../span.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { wrapText } from '../width.ts';

/** A rollout in one line: what goes where, how, and how it stands. */
export const formatHeadline = (rollout: RolloutView, display: Display): string => {
  const paint = createPaint(display);
  const { prompt, environment, stable, candidate, strategy } = rollout;
  const name = `${paint.strong(sanitizeLine(prompt))} in ${sanitizeLine(environment)}`;
  return `${name}: ${paint.version(stable)} → ${paint.version(candidate)} (${sanitizeLine(strategy)}), ${formatState(rollout, paint)}`;
};

/** The state in words, with why it is paused. */
const formatState = ({ state, pause }: RolloutView, paint: Paint): string =>
  stateColour(state, paint)(pause === null ? state : `${state} (${pause.reason})`);

const stateColour = (state: RolloutView['state'], paint: Paint): Painter => {
  if (state === 'succeeded' || state === 'running' || state === 'promoting') return paint.good;
  return state === 'aborted' || state === 'aborting' ? paint.bad : paint.warn;
};

/** The steps with the one it is in marked, and how much of the traffic the candidate has. */
export const formatSteps = ({ steps, step, weight, attempt }: RolloutView, display: Display): string => {
  const paint = createPaint(display);
  const shown = steps.map((each, index) =>
    index + 1 === step ? paint.strong(`[${each.weight} %]`) : `${each.weight} %`,
  );
  const filled = Math.round(weight / 5);
  const bar =
    display.columns === null ? '' : `${paint.info('█'.repeat(filled))}${paint.dim('░'.repeat(20 - filled))} `;
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  return joinLines([
    `Steps: ${shown.join(' → ')}`,
    wrapLine(
      `${bar}${weight} % of the units get the candidate (step ${step} of ${steps.length}${again}).`,
      display,
    ),
  ]);
};

/** A line that a terminal does not break inside a word. */
export const wrapLine = (line: string, { columns }: Display): string =>
  columns === null ? line : wrapText(line, columns);

/** How long a moment is ahead; null when it is over. */
export const formatAhead = (moment: string, { now }: Display): string | null => {
  const aheadMs = Date.parse(moment) - now.getTime();
  return aheadMs > 0 ? formatSpan(aheadMs) : null;
};

/** What a pause asks of a person first; null where its name says it. */
const advice: Readonly<Record<PauseReason, string | null>> = {
  manual: null,
  approval: null,
  inconclusive: 'The records could not decide in time: "resume" waits for more, "promote" goes on without.',
  'no-data':
    'No records reached the gates: is the metrics log on this machine, and do runs name version and environment?',
  mismatch:
    'No figure of this step can be trusted: do all clients read the weight, and do all record the unit?',
  failed: 'A gate failed: "resume" begins the step anew.',
  error: 'The server of the gates gave no usable answer: "rollout status" shows what it said.',
  drift:
    'It goes on only when that is mended; a tag that this clone alone lacks comes with "git fetch --tags".',
};

/** What a person does about a rollout that stopped, one way a line; none where it goes on by itself. */
export const formatWaysOn = (
  { prompt, environment, pause, state, stable }: RolloutView,
  display: Display,
): readonly string[] => {
  const paint = createPaint(display);
  const command = (verb: string): string =>
    paint.command(`promptv rollout ${verb} ${sanitizeLine(prompt)} --env ${sanitizeLine(environment)}`);
  if (state === 'aborted')
    return [
      `Everyone reads ${paint.version(stable)}.`,
      `See why:    ${command('history')}`,
      `Begin anew: ${command('retry')}`,
    ];
  if (pause === null) return [];
  const first = advice[pause.reason];
  return [
    ...(first === null ? [] : [wrapLine(first, display)]),
    `Go on:   ${command(pause.reason === 'approval' ? 'promote' : 'resume')}`,
    `Go back: ${command('abort')}`,
  ];
};

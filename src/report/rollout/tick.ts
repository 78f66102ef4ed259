import type { RolloutTickResult } from '../../operations/rollout/tick.ts';
import type { RolloutTick } from '../../operations/rollout/tick-result.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint, type Painter } from '../paint.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { formatChecks } from './checks.ts';
import { formatAhead, formatWaysOn, wrapLine } from './headline.ts';

/** What a tick did with each rollout, and what its gates said. */
export const formatRolloutTicks = ({ ticks, dryRun }: RolloutTickResult, display: Display): string => {
  if (ticks.length === 0) return 'No rollout is under way.';
  return ticks
    .map((tick) =>
      joinLines([
        wrapLine(formatTickLine(tick, display, dryRun), display),
        tick.checks.length === 0 || !display.columns ? null : formatChecks(tick.checks, display),
        ...waysAfter(tick, display),
      ]),
    )
    .join('\n\n');
};

/** A person reads them in the log of a CI or cron too. */
const waysAfter = (tick: RolloutTick, display: Display): readonly string[] =>
  tick.outcome === 'paused' || tick.outcome === 'aborted' ? formatWaysOn(tick.rollout, display) : [];

/** A tick as `run` prints it: when, what, and what a person does about one that stopped. */
export const formatRunTick = (tick: RolloutTick, display: Display): string => {
  const time = formatTime(display.now.toISOString(), { ...display, columns: null });
  return joinLines([
    wrapLine(`${time}  ${formatTickLine(tick, display)}`, display),
    ...waysAfter(tick, display),
  ]);
};

/** One tick in one line. */
export const formatTickLine = (tick: RolloutTick, display: Display, dryRun?: boolean): string => {
  const { outcome, why, rollout, nextAt, commit } = tick;
  const paint = createPaint(display);
  const place = `${sanitizeLine(rollout.prompt)} in ${sanitizeLine(rollout.environment)}`;
  const ahead = nextAt === null ? null : formatAhead(nextAt, display);
  const next = ahead === null ? '' : `; ${ahead} left`;
  const written = commit === null ? '' : ` [${commit.slice(0, 7)}]`;
  const said = `${place}: ${painterOf(outcome, paint)(outcome)} at ${rollout.weight} % (${sanitizeLine(why)}${next})${written}`;
  return dryRun === true && tick.changed ? `Would do: ${said}` : said;
};

const painterOf = (outcome: RolloutTick['outcome'], paint: Paint): Painter => {
  if (outcome === 'advanced' || outcome === 'succeeded') return paint.good;
  if (outcome === 'aborted') return paint.bad;
  return outcome === 'paused' ? paint.warn : paint.dim;
};

import type { RolloutStatusResult } from '../../operations/rollout/status.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { formatChecks } from './checks.ts';
import { formatAhead, formatHeadline, formatSteps, formatWaysOn, wrapLine } from './headline.ts';

/** How a rollout stands: step, weight, both versions' figures, each gate against its bound, and what comes next. */
export const formatRolloutStatus = (result: RolloutStatusResult, display: Display): string => {
  const { rollout, checks, ratio } = result;
  const table = checks.length === 0 ? null : formatChecks(checks, display);
  if (display.columns === null)
    return joinLines([
      [
        rollout.environment,
        rollout.prompt,
        rollout.stable,
        rollout.candidate,
        rollout.state,
        `${rollout.weight}`,
      ]
        .map(sanitizeLine)
        .join('\t'),
      table,
    ]);
  return joinLines(
    [
      joinLines([formatHeadline(rollout, display), formatSteps(rollout, display)]),
      table,
      ratio.detail === null ? null : `Units: ${ratio.detail}.`,
      formatNext(result, display),
    ],
    '\n\n',
  );
};

const formatNext = ({ rollout, next, drift, lastEvent }: RolloutStatusResult, display: Display): string => {
  const paint = createPaint(display);
  const said = lastEvent?.reason ? `: ${sanitizeLine(lastEvent.reason)}` : '';
  const when = lastEvent === null ? '' : ` ${formatTime(lastEvent.at, display)}`;
  const ways = formatWaysOn(rollout, display);
  const lines = (text: string): string => joinLines([wrapLine(text, display), ...ways]);
  if (next === null)
    return lines(`It ${rollout.state === 'succeeded' ? 'has succeeded' : 'was aborted'}${when}${said}.`);
  if (drift !== null)
    return joinLines([
      paint.bad(wrapLine(`Drift: ${sanitizeLine(drift)}. The candidate is not served.`, display)),
      ...ways,
    ]);
  if (rollout.pause !== null) return lines(`Paused${when}${said}.`);
  const ahead = rollout.holdUntil === null ? null : formatAhead(rollout.holdUntil, display);
  const hold = ahead === null ? '' : `Its hold ends in ${ahead}. `;
  return lines(`${hold}A tick now: ${next.outcome} (${sanitizeLine(next.why)}).`);
};

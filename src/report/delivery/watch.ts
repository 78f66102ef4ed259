import type { WatchedPrompt, WatchPass } from '../../operations/delivery/watch.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { formatAlerts } from './monitor.ts';
import { formatNotices } from './notices.ts';

/** One pass: a line for all that is well, and a paragraph for each prompt that is not. */
export const formatWatchPass = (pass: WatchPass, display: Display): string => {
  const count = (verdict: WatchedPrompt['verdict']): number =>
    pass.prompts.filter((one) => one.verdict === verdict).length;
  const time = formatTime(pass.at, { ...display, columns: null });
  const counts = `${count('well')} well, ${count('unwell')} not well, ${count('insufficient')} with too few records`;
  return joinLines([
    `${time}  ${sanitizeLine(pass.environment)}: ${counts}`,
    ...pass.prompts
      .filter(({ verdict }) => verdict === 'unwell')
      .map((one) => formatUnwell(one, pass, display)),
    formatNotices(pass.notices),
  ]);
};

const formatUnwell = (watched: WatchedPrompt, { dryRun }: WatchPass, display: Display): string => {
  const paint = createPaint(display);
  const { prompt, version, action, why, rollback } = watched;
  const name = `${paint.strong(sanitizeLine(prompt))} ${paint.version(version)}`;
  const reason = why === null ? '' : `: ${sanitizeLine(why)}`;
  const line = {
    none: '',
    reported: `not rolled back${reason}`,
    held: paint.warn(`not rolled back${reason}`),
    refused: paint.bad('not rolled back: a check said no'),
    failed: paint.bad(`could not be rolled back${reason}`),
    'rolled-back': paint.bad(`${dryRun ? 'would be rolled' : 'rolled'} back to ${rollback?.to ?? ''}`),
  }[action];
  return joinLines([`${name} ${line}`, formatAlerts(watched, display)]);
};

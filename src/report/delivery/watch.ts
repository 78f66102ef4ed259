import type { WatchedPrompt, WatchPass } from '../../operations/delivery/watch.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { formatAlerts } from './monitor.ts';
import { formatNotices } from './notices.ts';

/**
 * One pass: a line of counts, and a paragraph for each prompt that is not well. Of what stood there at the look before
 * only the news is said: what began, what ended, what was done about it.
 */
export const formatWatchPass = (
  pass: WatchPass,
  display: Display,
  { before }: { readonly before: WatchPass | null } = { before: null },
): string => {
  const count = (verdict: WatchedPrompt['verdict']): number =>
    pass.prompts.filter((one) => one.verdict === verdict).length;
  const time = formatTime(pass.at, { ...display, columns: null });
  const counts = `${count('well')} well, ${count('unwell')} not well, ${count('insufficient')} with too few records`;
  return joinLines([
    `${time}  ${sanitizeLine(pass.environment)}: ${counts}`,
    ...(before?.prompts ?? []).map((one) => formatEnded(one, sameIn(pass, one), display)),
    ...pass.prompts
      .filter(({ verdict }) => verdict === 'unwell')
      .map((one) => withNews(one, sameIn(before, one)))
      .map((one) => (one === null ? null : formatUnwell(one, pass, display))),
    formatNotices(pass.notices),
  ]);
};

const sameIn = (
  pass: WatchPass | null,
  { prompt, version }: Pick<WatchedPrompt, 'prompt' | 'version'>,
): WatchedPrompt | undefined => pass?.prompts.find((one) => one.prompt === prompt && one.version === version);

/** The prompt with only those alerts that did not fire before; null where nothing is new. */
const withNews = (now: WatchedPrompt, before: WatchedPrompt | undefined): WatchedPrompt | null => {
  const alerts = notIn(before, now.alerts);
  const isSaid = before !== undefined && before.action === now.action && before.why === now.why;
  return isSaid && alerts.length === 0 ? null : { ...now, alerts };
};

const notIn = (look: WatchedPrompt | undefined, alerts: WatchedPrompt['alerts']): WatchedPrompt['alerts'] =>
  alerts.filter(({ name }) => !look?.alerts.some((one) => one.name === name));

/** The alerts that fired at the look before and do not now, and why. */
const formatEnded = (
  before: WatchedPrompt,
  now: WatchedPrompt | undefined,
  display: Display,
): string | null => {
  const paint = createPaint(display);
  const names = notIn(now, before.alerts).map(({ name }) => name);
  if (names.length === 0) return null;
  const isOpen = (name: string): boolean => now?.insufficient.some((one) => one.name === name) ?? false;
  const list = (all: readonly string[]): string => all.map(sanitizeLine).join(', ');
  const [open, over] = [names.filter(isOpen), names.filter((name) => !isOpen(name))];
  const said = [
    over.length > 0 && now ? paint.good(`no longer: ${list(over)}`) : '',
    open.length > 0 ? paint.warn(`too few records to say more of ${list(open)}`) : '',
    now ? '' : `runs no more: the end of ${list(names)}`,
  ];
  const name = `${paint.strong(sanitizeLine(before.prompt))} ${paint.version(before.version)}`;
  return `${name} ${said.filter(Boolean).join('; ')}`;
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

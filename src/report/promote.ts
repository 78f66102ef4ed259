import type { Decided } from '../operations/decide-state.ts';
import type { Followed } from '../operations/delivery/follow-up.ts';
import type { PromoteResult, Promotion } from '../operations/promote.ts';
import type { RolloutView } from '../operations/rollout/rollout-view.ts';
import { formatMonitors } from './delivery/monitor.ts';
import { formatNotices } from './delivery/notices.ts';
import type { Display } from './display.ts';
import { formatGates, formatSatisfy } from './gates.ts';
import { formatWhole } from './metrics/figure.ts';
import { createPaint } from './paint.ts';
import { formatHeadline, formatSteps } from './rollout/headline.ts';
import { type Column, formatTable } from './table.ts';
import { joinLines, sanitizeLine } from './text.ts';

/** What moved where, with the verdict of every gate; of a refusal the commands that would satisfy it. */
export const formatPromote = (
  result: Decided<PromoteResult> & Partial<Followed>,
  display: Display,
): string => {
  const paint = createPaint(display);
  const blocks = result.promotions.map((promotion) => formatPromotion(promotion, result, display));
  const all = result.promotions.flatMap(({ gates }) => gates);
  const end = result.refused
    ? joinLines([paint.bad('Refused: nothing was changed.'), formatSatisfy(all, display)])
    : formatCommit(result, display);
  return joinLines([
    ...blocks,
    end,
    formatMonitors(result.monitors ?? [], display),
    formatNotices(result.notices ?? []),
  ]);
};

const formatPromotion = (
  { prompt, environment, version, previousVersion, unchanged, gates, rollout, samples }: Promotion,
  { refused, dryRun, pushed }: Decided<PromoteResult>,
  display: Display,
): string => {
  const paint = createPaint(display);
  const name = paint.strong(sanitizeLine(prompt));
  const place = sanitizeLine(environment);
  if (unchanged && rollout !== null)
    return joinLines(['A rollout of it is under way.', formatHeadline(rollout, display)]);
  if (unchanged) return `${name} ${paint.version(version)} runs in ${place} already.`;
  const move = `${previousVersion === null ? '(nothing)' : paint.version(previousVersion)} → ${paint.version(version)}`;
  if (rollout !== null && !refused) {
    const begun =
      rollout.state === 'pending'
        ? 'It starts when another rollout has ended: as many run as "rollouts.maxRunning" lets.'
        : null;
    const verb = dryRun ? 'Would roll out' : 'Rolling out';
    return joinLines([
      `${verb} ${formatHeadline(rollout, display)}`,
      formatSteps(rollout, display),
      begun,
      formatGates(gates, display),
      formatSamples(samples, display),
      dryRun ? null : formatGoOn(rollout, { pushed, display }),
    ]);
  }
  const verb = refused ? 'Not promoted' : dryRun ? 'Would promote' : 'Promoted';
  return joinLines([`${verb} ${name} in ${place}: ${move}`, formatGates(gates, display)]);
};

/** What carries it on; of a switch, which nobody gets before it, also how it is tried out. */
const formatGoOn = (
  { prompt, environment, weight, state }: RolloutView,
  { pushed, display }: { readonly pushed: boolean; readonly display: Display },
): string => {
  const { command } = createPaint(display);
  const place = `${sanitizeLine(prompt)} --env ${sanitizeLine(environment)}`;
  const preview =
    weight === 0 && state !== 'pending' ? `Preview it:  ${command(`promptv get ${place} --preview`)}` : null;
  return joinLines([
    preview,
    `Carry it on: ${command(`promptv rollout run ${place}${pushed ? ' --push' : ''}`)}`,
  ]);
};

const sampleColumns: readonly Column[] = [
  { title: 'gate' },
  { title: 'samples', align: 'right' },
  { title: 'why' },
];

const sampleReasons = {
  'no-data': 'the log has no record of the stable version in the last 30 days',
  'no-variance': 'all values are equal',
  'beyond-bound': 'the stable version itself does not keep it',
  quantile: 'not planned for quantiles',
} as const;

/** What the gates need before they can say yes; null without gates. */
const formatSamples = (samples: Promotion['samples'], display: Display): string | null => {
  if (samples.length === 0) return null;
  if (samples.every(({ reason }) => reason === 'no-data'))
    return 'The log has no record of the stable version in the last 30 days that says how many samples the gates need.';
  const rows = samples.map(({ gate, candidate, reason }) => [
    gate,
    candidate === null ? '–' : formatWhole(candidate),
    reason === null ? '' : sampleReasons[reason],
  ]);
  return joinLines([
    'Samples of the candidate that each gate needs for 80 % power, if it is as good as the stable version:',
    formatTable(sampleColumns, rows, display, { header: false, indent: 2 }),
  ]);
};

/** Where the decision stands: callers read it once it is where they look. */
export const formatCommit = (
  { commit, pushed, pushCommand }: Pick<Decided<object>, 'commit' | 'pushed' | 'pushCommand'>,
  display: Display,
): string | null => {
  const paint = createPaint(display);
  if (commit === null) return pushed ? 'Pushed what an earlier run had committed.' : null;
  const written = `Commit ${commit.slice(0, 7)}`;
  if (pushed) return `${written}, pushed.`;
  // Where there is no remote nobody waits for it.
  return pushCommand === null
    ? `${written}.`
    : `${written}, only in this clone: the same command with ${paint.command('--push')} sends it to the others.`;
};

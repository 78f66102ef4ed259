import type { Decided } from '../operations/decide-state.ts';
import type { PromoteResult, Promotion } from '../operations/promote.ts';
import type { Display } from './display.ts';
import { formatGates, formatSatisfy } from './gates.ts';
import { createPaint } from './paint.ts';
import { joinLines, sanitizeLine } from './text.ts';

/** What moved where, with the verdict of every gate; of a refusal the commands that would satisfy it. */
export const formatPromote = (result: Decided<PromoteResult>, display: Display): string => {
  const paint = createPaint(display);
  const blocks = result.promotions.map((promotion) => formatPromotion(promotion, result, display));
  const all = result.promotions.flatMap(({ gates }) => gates);
  const end = result.refused
    ? joinLines([paint.bad('Refused: nothing was changed.'), formatSatisfy(all, display)])
    : formatCommit(result, display);
  return joinLines([...blocks, end]);
};

const formatPromotion = (
  { prompt, environment, version, previousVersion, unchanged, gates }: Promotion,
  { refused, dryRun }: Decided<PromoteResult>,
  display: Display,
): string => {
  const paint = createPaint(display);
  const name = paint.strong(sanitizeLine(prompt));
  const place = sanitizeLine(environment);
  if (unchanged) return `${name} ${paint.version(version)} runs in ${place} already.`;
  const move = `${previousVersion === null ? '(nothing)' : paint.version(previousVersion)} → ${paint.version(version)}`;
  const verb = refused ? 'Not promoted' : dryRun ? 'Would promote' : 'Promoted';
  return joinLines([`${verb} ${name} in ${place}: ${move}`, formatGates(gates, display)]);
};

/** Where the decision stands: callers read it once it is where they look. */
export const formatCommit = (
  { commit, pushed }: { readonly commit: string | null; readonly pushed: boolean },
  display: Display,
): string | null => {
  const paint = createPaint(display);
  if (commit === null) return pushed ? 'Pushed what an earlier run had committed.' : null;
  const written = `Commit ${commit.slice(0, 7)}`;
  return pushed
    ? `${written}, pushed.`
    : `${written}, only in this clone: push it (${paint.command('git push')}) so that others read it.`;
};

import type { Decided } from '../../operations/decide-state.ts';
import type { RolloutChangeResult } from '../../operations/rollout/change.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { formatCommit } from '../promote.ts';
import { joinLines } from '../text.ts';
import { formatHeadline } from './headline.ts';

/** What a verb did to a rollout, and who reads what now. */
export const formatRolloutChange = (result: Decided<RolloutChangeResult>, display: Display): string => {
  const { rollout, unchanged, dryRun } = result;
  const paint = createPaint(display);
  const ended = rollout.state === 'succeeded' || rollout.state === 'aborted';
  const version = rollout.state === 'succeeded' ? rollout.candidate : rollout.stable;
  const served = ended
    ? `Everyone reads ${paint.version(version)}.`
    : `${rollout.weight} % of the units get ${paint.version(rollout.candidate)}.`;
  const before = unchanged ? 'It is done already: ' : dryRun ? 'Would be: ' : '';
  return joinLines([`${before}${formatHeadline(rollout, display)}`, served, formatCommit(result, display)]);
};

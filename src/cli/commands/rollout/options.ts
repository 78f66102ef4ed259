import { InvalidArgumentError } from 'commander';
import { durationPattern, parseDurationMs } from '../../../core/config/duration.ts';
import { promptvError } from '../../../errors.ts';

/** Takes a duration such as `30s`, as milliseconds. */
export const parseDuration = (value: string): number => {
  if (!durationPattern.test(value))
    throw new InvalidArgumentError('Give a duration such as 500ms, 30s, 5m or 2h.');
  return parseDurationMs(value);
};

/** The same for how often something is looked at: a second at least. */
export const parseInterval = (value: string): number => {
  const intervalMs = parseDuration(value);
  if (intervalMs < 1000) throw new InvalidArgumentError('Give at least a second, such as 1s, 30s or 5m.');
  return intervalMs;
};

/** Takes a whole number from 0 to 100. */
export const parseWeight = (value: string): number => {
  const weight = Number(value);
  if (!/^\d{1,3}$/.test(value) || weight > 100)
    throw new InvalidArgumentError('Give a whole number of per cent from 0 to 100.');
  return weight;
};

/** Takes `5:10m,25,100`: weights, each with its hold if it has one. @throws STEPS_INVALID */
export const parseSteps = (
  value: string,
): readonly { readonly weight: number; readonly holdMs: number | null }[] =>
  value.split(',').map((part) => {
    const [, weight, hold] = /^\s*(\d{1,3})\s*%?\s*(?::\s*(\S+))?\s*$/.exec(part) ?? [];
    const isHold = hold === undefined || durationPattern.test(hold);
    if (weight === undefined || !isHold)
      throw promptvError('STEPS_INVALID', { steps: value, reason: `"${part.trim()}" is no step` });
    return { weight: Number(weight), holdMs: hold === undefined ? null : parseDurationMs(hold) };
  });

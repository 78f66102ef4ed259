/** The spelling of durations: `500ms`, `30s`, `15m`, `2h`, `7d`, `2w`. */
export const durationPattern = /^[0-9]{1,9}(ms|s|m|h|d|w)$/;

const unitsMs = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** A duration in milliseconds. Throws on a text that does not have `durationPattern`, which the schema refuses. */
export const parseDurationMs = (text: string): number => {
  const unitMs = unitsMs.get(text.replace(/^[0-9]+/, ''));
  if (unitMs === undefined || !durationPattern.test(text)) throw new TypeError(`Not a duration: ${text}`);
  return Number.parseInt(text, 10) * unitMs;
};

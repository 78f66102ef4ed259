const units: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

/** A span of time in its largest unit, with the next one below ten: `1 d 12 h`, `1 h`, `59 m`; `0 s` below a second. */
export const formatSpan = (spanMs: number): string => {
  const found = units.findIndex(([, length]) => spanMs >= length);
  const [[name, ms] = ['s', 1_000], next] = units.slice(found === -1 ? -1 : found);
  const count = Math.floor(spanMs / ms);
  const rest = next === undefined || count >= 10 ? 0 : Math.floor((spanMs - count * ms) / next[1]);
  return rest === 0 ? `${count} ${name}` : `${count} ${name} ${rest} ${next?.[0]}`;
};

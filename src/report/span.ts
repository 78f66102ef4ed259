const units: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

/** A span of time in its largest unit, `36 h` as `1 d`; `0 s` below a second. */
export const formatSpan = (spanMs: number): string => {
  const [name, ms] = units.find(([, length]) => spanMs >= length) ?? ['s', 1_000];
  return `${Math.floor(spanMs / ms)} ${name}`;
};

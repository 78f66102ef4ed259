const width = 25;

/**
 * An interval drawn against its bound: `├──●──┤ ┃`. The bound is `┃`, the estimate `●`; what fails lies beyond the
 * bound. Empty without an interval.
 */
export const drawInterval = ({
  value,
  interval,
  bound,
}: {
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  readonly bound: number;
}): string => {
  if (interval === null) return '';
  const low = Math.min(interval[0], bound);
  const high = Math.max(interval[1], bound);
  const placeOf = (at: number): number =>
    high === low ? 0 : Math.round(((at - low) / (high - low)) * (width - 1));
  const cells = Array.from({ length: width }, () => ' ');
  const [from, to] = [placeOf(interval[0]), placeOf(interval[1])];
  cells.fill('─', from, to + 1);
  cells[from] = '├';
  cells[to] = '┤';
  if (value !== null) cells[placeOf(value)] = '●';
  cells[placeOf(bound)] = '┃';
  return cells.join('').trimEnd();
};

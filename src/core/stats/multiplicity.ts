/** p-values corrected for having asked several questions, in the order given; missing ones stay `null`. */
interface AdjustedPValues {
  /** Family-wise error: the one to decide by. */
  readonly holm: readonly (number | null)[];
  /** False discovery rate. */
  readonly bh: readonly (number | null)[];
  readonly bonferroni: readonly (number | null)[];
}

interface Ordered {
  readonly index: number;
  readonly p: number;
}

/** Runs through ordered p-values, keeping the extreme seen so far, and puts each back in its place. */
const accumulate = (
  ordered: readonly Ordered[],
  size: number,
  step: (p: number, rank: number, soFar: number) => number,
): (number | null)[] => {
  const result = new Array<number | null>(size).fill(null);
  let soFar = Number.NaN;
  for (const [rank, { index, p }] of ordered.entries()) {
    soFar = step(p, rank, soFar);
    result[index] = soFar;
  }
  return result;
};

/**
 * Adjusts p-values: Holm (1979), Benjamini and Hochberg (1995), Bonferroni. A `null` (a test that had no answer)
 * is not counted in the family.
 */
export const adjustPValues = (pValues: readonly (number | null)[]): AdjustedPValues => {
  const ordered = pValues.flatMap((p, index) => (p === null ? [] : [{ index, p }]));
  ordered.sort((a, b) => a.p - b.p);
  const m = ordered.length;
  const size = pValues.length;
  return {
    holm: accumulate(ordered, size, (p, rank, soFar) =>
      Math.max(rank === 0 ? 0 : soFar, Math.min(1, (m - rank) * p)),
    ),
    bh: accumulate(ordered.toReversed(), size, (p, rank, soFar) =>
      Math.min(rank === 0 ? 1 : soFar, (m / (m - rank)) * p),
    ),
    bonferroni: pValues.map((p) => (p === null ? null : Math.min(1, m * p))),
  };
};

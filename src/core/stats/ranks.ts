/** Two ascending samples ranked together, ties by their middle rank. */
interface JointRanks {
  /** Sum of the ranks of the second sample. */
  readonly rankSumB: number;
  /** Σ (t³ - t) over the groups of t equal values; 0 without ties. */
  readonly tieTerm: number;
}

const countEqual = (sorted: Float64Array, from: number, value: number): number => {
  let end = from;
  while (sorted[end] === value) end += 1;
  return end - from;
};

/** Ranks two ascending samples by one merge, in time proportional to their lengths. */
export const rankTogether = (a: Float64Array, b: Float64Array): JointRanks => {
  let i = 0;
  let j = 0;
  let rankSumB = 0;
  let tieTerm = 0;
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    const inA = countEqual(a, i, value);
    const inB = countEqual(b, j, value);
    const tied = inA + inB;
    rankSumB += inB * (i + j + (tied + 1) / 2);
    tieTerm += tied * (tied * tied - 1);
    i += inA;
    j += inB;
  }
  return { rankSumB, tieTerm };
};

/** One step of the recurrence: `into` holds f(i-1, j) and becomes f(i, j), `below` holds f(i, j-1). */
interface Step {
  readonly into: Float64Array;
  readonly below: Float64Array;
  readonly i: number;
  readonly j: number;
}

/** From the largest u down, so that `into` is its own source; beyond i × j everything is 0. */
const applyStep = ({ into, below, i, j }: Step): void => {
  const keep = i / (i + j);
  const take = j / (i + j);
  const top = Math.min(into.length - 1, i * j);
  for (let u = top; u >= j; u--) into[u] = keep * (into[u - j] ?? 0) + take * (below[u] ?? 0);
  for (let u = Math.min(top, j - 1); u >= 0; u--) into[u] = take * (below[u] ?? 0);
};

/**
 * P(U ≤ u) of the Mann–Whitney statistic of n and m values without ties; a sum of positive terms, so that small
 * tails keep their digits. Source: Mann and Whitney (1947), their recurrence, in probabilities:
 * `f(n, m; u) = n/(n+m) f(n-1, m; u-m) + m/(n+m) f(n, m-1; u)`.
 */
export const exactUTail = (u: number, n: number, m: number): number => {
  const length = Math.floor(u) + 1;
  const rows = Array.from({ length: m + 1 }, () => new Float64Array(length).fill(1, 0, 1));
  for (let i = 1; i <= n; i++) {
    for (let j = 1; j <= m; j++) {
      const into = rows[j];
      const below = rows[j - 1];
      if (into !== undefined && below !== undefined) applyStep({ into, below, i, j });
    }
  }
  return (rows[m] ?? new Float64Array()).reduce((total, probability) => total + probability, 0);
};

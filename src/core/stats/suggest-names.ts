const MOST_SUGGESTIONS = 3;

/** Edits (insert, delete, replace) between two words. Source: Levenshtein (1966). */
const countEdits = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (to[j - 1] === letter ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[to.length] ?? 0;
};

/** The names nearest to a mistyped one, nearest first; names that contain it count as near. Ignores case. */
export const suggestNames = (typed: string, names: readonly string[]): readonly string[] => {
  const word = typed.slice(0, 100).toLowerCase();
  const limit = Math.max(1, Math.floor(word.length / 3));
  const rated = names.map((name) => {
    const candidate = name.toLowerCase();
    const contains = word.length >= 3 && (candidate.includes(word) || word.includes(candidate));
    const edits = countEdits(word, candidate);
    return { name, distance: contains ? Math.min(edits, limit) : edits };
  });
  return rated
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ name }) => name);
};

/** How alike two texts are, from 0 to 1. */
type Similarity = (a: string, b: string) => number;

/** The longest text whose characters are compared with each other: the time grows with the product of the lengths. */
export const maxComparedLength = 10_000;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** 1 - edits / length of the longer, in code units. Source: Levenshtein (1965). */
const levenshtein: Similarity = (a, b) => {
  const longer = Math.max(a.length, b.length);
  if (longer === 0) return 1;
  let before = Uint32Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = new Uint32Array(b.length + 1);
    current[0] = row;
    for (let column = 1; column <= b.length; column++) {
      const replaced = (before[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current[column] = Math.min(replaced, (before[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    before = current;
  }
  return 1 - (before[b.length] ?? 0) / longer;
};

/** Shared distinct words over all distinct words. Source: Jaccard (1901). */
const jaccard: Similarity = (a, b) => {
  const [left, right] = [new Set(wordsOf(a)), new Set(wordsOf(b))];
  const union = new Set([...left, ...right]).size;
  return union === 0 ? 1 : [...left].filter((word) => right.has(word)).length / union;
};

const countWords = (text: string): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
};

const lengthOf = (counts: ReadonlyMap<string, number>): number =>
  Math.sqrt([...counts.values()].reduce((sum, count) => sum + count * count, 0));

/** Cosine of the angle between the counts of words. */
const cosine: Similarity = (a, b) => {
  const [left, right] = [countWords(a), countWords(b)];
  if (left.size === 0 || right.size === 0) return left.size === right.size ? 1 : 0;
  const product = [...left].reduce((sum, [word, count]) => sum + count * (right.get(word) ?? 0), 0);
  return Math.min(1, product / (lengthOf(left) * lengthOf(right)));
};

const similarities = { levenshtein, jaccard, cosine } as const;

export type SimilarityName = keyof typeof similarities;

export const similarityNames = ['levenshtein', 'jaccard', 'cosine'] as const satisfies SimilarityName[];

/** Compares by the function named: characters (`levenshtein`), distinct words (`jaccard`), counts of words (`cosine`). */
export const computeSimilarity = (by: SimilarityName, a: string, b: string): number => similarities[by](a, b);

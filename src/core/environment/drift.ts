/** What one prompt runs in two places; null where it runs nowhere. */
export interface Difference {
  readonly prompt: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** The prompts of which two places run different versions, by name. Each map: prompt → version. */
export const findDifferences = (
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): Difference[] =>
  [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .map((prompt) => ({ prompt, a: a.get(prompt) ?? null, b: b.get(prompt) ?? null }))
    .filter((difference) => difference.a !== difference.b);

/** How a pointer stands to the tag of its version: another content by now, no tag at all, or as it was promoted. */
export type PointerDrift = 'changed' | 'missing' | null;

/** Compares what was promoted with the content hash that the version has now; null: there is no such version. */
export const pointerDrift = (promoted: string, now: string | null): PointerDrift => {
  if (now === null) return 'missing';
  return now === promoted ? null : 'changed';
};

import { compareVersions } from '../version/version.ts';

/** What one prompt runs in two places; null where it runs nowhere. */
export interface Difference {
  readonly prompt: string;
  readonly a: string | null;
  readonly b: string | null;
  /** Which runs the higher version; a place that runs it goes before one that does not. */
  readonly ahead: 'a' | 'b';
}

/** The prompts of which two places run different versions, by name. Each map: prompt → version. */
export const findDifferences = (
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): Difference[] =>
  [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .filter((prompt) => a.get(prompt) !== b.get(prompt))
    .map((prompt) => {
      const [here, there] = [a.get(prompt) ?? null, b.get(prompt) ?? null];
      return { prompt, a: here, b: there, ahead: isAhead(here, there) ? 'a' : 'b' };
    });

const isAhead = (a: string | null, b: string | null): boolean =>
  a !== null && (b === null || compareVersions(a, b) > 0);

/** How a pointer stands to the tag of its version: another content by now, no tag at all, or as it was promoted. */
export type PointerDrift = 'changed' | 'missing' | null;

/** Compares what was promoted with the content hash that the version has now; null: there is no such version. */
export const pointerDrift = (promoted: string, now: string | null): PointerDrift => {
  if (now === null) return 'missing';
  return now === promoted ? null : 'changed';
};

import { formatPatch } from 'diff';
import { diffTextLines } from './line-diff.ts';

export interface PatchNames {
  /** What the two sides are called, such as `1.2.0` and `working`; they stand where a patch has its times. */
  readonly from: string;
  readonly to: string;
  /** The file, relative to the top of the repository, with `/`. */
  readonly path: string;
}

/**
 * The two texts' difference as `git diff` prints it and `git apply` reads it: empty when they are equal; null is
 * a file that does not exist. Line ends stay as they are.
 */
export const unifiedPatch = (before: string | null, after: string | null, names: PatchNames): string => {
  if (before === after) return '';
  const patch = formatPatch({
    isGit: true,
    isCreate: before === null,
    isDelete: after === null,
    oldFileName: before === null ? '/dev/null' : `a/${names.path}`,
    newFileName: after === null ? '/dev/null' : `b/${names.path}`,
    oldHeader: names.from,
    newHeader: names.to,
    hunks: diffTextLines(before ?? '', after ?? ''),
  });
  // The library writes a count of one, git leaves it out. (`^` would also match after a lone `\r` inside a line.)
  return patch.replace(/(?<=\n)@@ -\S+ \+\S+ @@(?=\n)/g, (header) => header.replace(/,1(?= )/g, ''));
};

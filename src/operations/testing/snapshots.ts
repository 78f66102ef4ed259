import { join } from 'node:path';
import { testPathsOf } from '../../core/prompt/name.ts';
import { readSnapshots, type Snapshots, writeSnapshots } from '../../store/snapshot-file.ts';
import type { Workspace } from '../workspace.ts';

/** The accepted texts of one prompt during a run. */
export interface SnapshotBook {
  /** Relative to the workspace. */
  readonly path: string;
  /** What is wrong with a text, or null; with `update` it is accepted instead. */
  check(key: string, text: string): string | null;
  /** Writes what was accepted; says whether anything had changed. */
  save(): Promise<boolean>;
}

/** Opens the snapshots beside a prompt's file. @throws SNAPSHOTS_INVALID */
export const openSnapshots = async (
  workspace: Workspace,
  { promptPath, update }: { readonly promptPath: string; readonly update: boolean },
): Promise<SnapshotBook> => {
  const path = testPathsOf(promptPath).at(-1) ?? '';
  const file = join(workspace.root, path);
  const before: Snapshots = await readSnapshots(file);
  const accepted = new Map<string, string>(before);
  return {
    path,
    check: (key, text) => {
      if (update) accepted.set(key, text);
      const known = accepted.get(key);
      if (known === undefined) return 'there is no snapshot of this text yet; accept it with --update';
      return known === text ? null : describeDifference(known, text);
    },
    save: async () => {
      const isChanged = [...accepted].some(([key, text]) => before.get(key) !== text);
      if (isChanged) await writeSnapshots(file, accepted);
      return isChanged;
    },
  };
};

/** The first line that differs: more of it shows `git diff` after --update. */
const describeDifference = (before: string, after: string): string => {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const at = Math.max(
    0,
    now.findIndex((line, index) => line !== old[index]),
  );
  const show = (line: string | undefined): string =>
    line === undefined ? 'nothing' : JSON.stringify(line.slice(0, 60));
  return `the text is not its snapshot: line ${at + 1} is ${show(now[at])}, was ${show(old[at])}; accept it with --update`;
};

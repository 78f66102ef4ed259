import { testPathsOf } from '../../core/prompt/name.ts';
import { promptvError } from '../../errors.ts';
import { type ResolvedPrompt, resolveRef } from '../resolve-ref.ts';
import { readWorkingSources } from '../sources.ts';
import type { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { filePathOf, type LocatedCase, readPromptCases } from './read-cases.ts';
import { openSnapshots, type SnapshotBook } from './snapshots.ts';

/** A text with its cases, of which there is at least one. */
export interface TestedPrompt {
  readonly prompt: ResolvedPrompt;
  /** Relative to the workspace. */
  readonly path: string;
  readonly cases: readonly LocatedCase[];
  readonly snapshots: SnapshotBook;
}

/**
 * What is tested: the texts named, or every prompt on disk that has cases.
 * @throws NO_TESTS for a text that was named and has none, TESTS_INVALID, as `resolveRef`
 */
export const findTestedPrompts = async (
  workspace: Workspace,
  versions: Versions,
  {
    refs,
    update,
    passWithNoTests,
  }: { readonly refs: readonly string[]; readonly update: boolean; readonly passWithNoTests: boolean },
): Promise<TestedPrompt[]> => {
  const isSweep = refs.length === 0;
  const named = isSweep ? await namesOnDisk(workspace, versions) : refs;
  const tested: TestedPrompt[] = [];
  for (const ref of named) {
    const prompt = await resolveRef(workspace, versions, { ref, otherwise: 'working' });
    if (
      tested.some(
        (each) => each.prompt.contentHash === prompt.contentHash && each.prompt.name === prompt.name,
      )
    )
      continue;
    const path = filePathOf(workspace, prompt);
    const { cases } = await readPromptCases(workspace, prompt);
    if (cases.length > 0) {
      const snapshots = await openSnapshots(workspace, { promptPath: path, update });
      tested.push({ prompt, path, cases, snapshots });
    } else if (!isSweep) throw promptvError('NO_TESTS', { names: ref, path: testPathsOf(path)[0] });
  }
  if (tested.length === 0 && !passWithNoTests)
    throw promptvError('NO_TESTS', { names: 'The workspace', path: 'NAME.test.yaml' });
  return tested;
};

/** A file that is no prompt at all is reported by the one command that is about it: it fails here too. */
const namesOnDisk = async (workspace: Workspace, versions: Versions): Promise<readonly string[]> => {
  const { prompts, unreadable } = await readWorkingSources(workspace);
  const [broken] = unreadable;
  if (broken) throw broken.error;
  await versions.listAll();
  return [...prompts.keys()];
};

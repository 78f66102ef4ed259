import type { DocumentPath } from '../../core/prompt/document.ts';
import { testPathsOf } from '../../core/prompt/name.ts';
import {
  type CaseProblem,
  joinCases,
  type ReadCases,
  readCases,
  readDocumentCases,
  type TestCase,
} from '../../core/testing/cases.ts';
import { promptvError } from '../../errors.ts';
import { createLocator, type Place, readTestFile } from '../../store/test-file.ts';
import type { ResolvedPrompt } from '../resolve-ref.ts';
import { type Workspace, workspacePath } from '../workspace.ts';

/** A case with the file it stands in, relative to the workspace. */
export interface LocatedCase extends TestCase {
  readonly file: string;
  readonly locate: (path: DocumentPath) => Place;
}

/** Something that a case's file says and that is not run, such as a judge by a model. */
export interface IgnoredPart extends Place {
  readonly message: string;
  readonly file: string;
}

export interface PromptCases {
  readonly cases: readonly LocatedCase[];
  readonly ignored: readonly IgnoredPart[];
}

interface CaseSource {
  readonly file: string;
  readonly locate: (path: DocumentPath) => Place;
  readonly read: ReadCases;
}

/** The workspace's path of a prompt's file, also of a version's. */
export const filePathOf = (workspace: Workspace, prompt: ResolvedPrompt): string =>
  prompt.version === null ? prompt.path : (workspacePath(workspace, prompt.path) ?? prompt.path);

/**
 * The cases of a text: those of its own document, then those of the test files beside it on disk.
 * @throws TESTS_INVALID with every problem and its place
 */
export const readPromptCases = async (workspace: Workspace, prompt: ResolvedPrompt): Promise<PromptCases> => {
  const path = filePathOf(workspace, prompt);
  const own: CaseSource = {
    file: path,
    locate: createLocator(prompt.bytes, path),
    read: readDocumentCases(prompt.document),
  };
  const sources = [own, ...(await readCaseFiles(workspace, path))];
  const problems = [
    ...sources.flatMap(({ read, file, locate }) =>
      read.problems.map((each) => placeProblem(each, { file, locate })),
    ),
    ...findRepeated(sources),
  ];
  if (problems.length > 0) throw testsInvalid(problems);
  return {
    cases: sources.flatMap(({ read, file, locate }) => read.cases.map((each) => ({ ...each, file, locate }))),
    ignored: sources.flatMap(({ read, file, locate }) =>
      read.ignored.map((each) => placeProblem(each, { file, locate })),
    ),
  };
};

const readCaseFiles = async (workspace: Workspace, path: string): Promise<CaseSource[]> => {
  const files = await Promise.all(
    testPathsOf(path)
      .filter((each) => !each.endsWith('.snap'))
      .map((each) => readTestFile(workspace.root, each)),
  );
  return files.flatMap((file) => {
    if (file === null) return [];
    const { problem, locate } = file;
    if (problem !== null) throw testsInvalid([{ ...problem, file: file.path }]);
    return [{ file: file.path, locate, read: readCases(file.value, []) }];
  });
};

/** A name that two files give; within one file it is a problem of that file. */
const findRepeated = (sources: readonly CaseSource[]): IgnoredPart[] => {
  const seen = new Set<string>();
  return sources.flatMap((source) => {
    const repeated = source.read.cases.filter(({ name }) => seen.has(name));
    for (const { name } of joinCases([source.read]).cases) seen.add(name);
    return repeated.map(({ name, path }) =>
      placeProblem({ message: `there are two tests named "${name}"`, path }, source),
    );
  });
};

const placeProblem = (
  { message, path }: CaseProblem,
  { file, locate }: Pick<CaseSource, 'file' | 'locate'>,
): IgnoredPart => ({ message, file, ...locate(path) });

/** Everything that is wrong with cases, of which there is at least one. */
export const testsInvalid = (problems: readonly IgnoredPart[]): Error => {
  const [first] = problems;
  return promptvError('TESTS_INVALID', {
    path: [...new Set(problems.map(({ file }) => file))].join(', '),
    count: problems.length === 1 ? '1 problem' : `${problems.length} problems`,
    first: `${first?.file}:${first?.line}:${first?.column} (${first?.message})`,
    problems,
  });
};

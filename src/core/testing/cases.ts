import type { DocumentPath, PromptDocument } from '../prompt/document.ts';
import { type Assertion, parseAssertion } from './assertion.ts';
import { readGithubCases } from './github-models.ts';

/** One case: the variables to render with, and what must hold. `path` leads to it in its file. */
export interface TestCase {
  /** Unique among the cases of a prompt. */
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly assertions: readonly PlacedAssertion[];
  readonly path: DocumentPath;
}

export interface PlacedAssertion {
  readonly assertion: Assertion;
  readonly path: DocumentPath;
}

/** What is wrong with a case, and where in the file. */
export interface CaseProblem {
  readonly message: string;
  readonly path: DocumentPath;
}

/** Cases as far as they can be read, everything that is wrong with them, and what was left out on purpose. */
export interface ReadCases {
  readonly cases: readonly TestCase[];
  readonly problems: readonly CaseProblem[];
  readonly ignored: readonly CaseProblem[];
}

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The cases of a document: its `tests`, and the `testData` and `evaluators` of GitHub Models. */
export const readDocumentCases = (document: PromptDocument): ReadCases => {
  const own = document.tests === undefined ? noCases : readCases(document.tests, ['tests']);
  const github = readGithubCases(document);
  return joinCases([own, github]);
};

const noCases: ReadCases = { cases: [], problems: [], ignored: [] };

/** The cases of a list, such as a file `NAME.test.yaml` holds. */
export const readCases = (value: unknown, path: DocumentPath): ReadCases => {
  if (!Array.isArray(value)) return { ...noCases, problems: [{ message: 'the tests must be a list', path }] };
  return joinCases(value.map((item, index) => readCase(item, { path: [...path, index], number: index + 1 })));
};

/** One list of several; a name that is there twice is a problem, for a name is what results are compared by. */
export const joinCases = (lists: readonly ReadCases[]): ReadCases => {
  const seen = new Set<string>();
  const cases = lists.flatMap((list) => list.cases);
  const repeated = cases.flatMap(({ name, path }): CaseProblem[] => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ message: `there are two tests named "${name}"`, path }];
  });
  return {
    cases,
    problems: [...lists.flatMap((list) => list.problems), ...repeated].filter(isFirst),
    ignored: lists.flatMap((list) => list.ignored),
  };
};

const isFirst = (problem: CaseProblem, index: number, all: readonly CaseProblem[]): boolean =>
  all.findIndex(({ message, path }) => message === problem.message && path.join() === problem.path.join()) ===
  index;

const caseKeys = ['name', 'variables', 'assert'];

const readCase = (value: unknown, { path, number }: { path: DocumentPath; number: number }): ReadCases => {
  if (!isMapping(value)) return { ...noCases, problems: [{ message: 'a test must be a mapping', path }] };
  const { name = `test ${number}`, variables = {}, assert = [] } = value;
  const problems: CaseProblem[] = Object.keys(value)
    .filter((key) => !caseKeys.includes(key))
    .map((key) => ({
      message: `"${key}" is no key of a test (${caseKeys.join(', ')})`,
      path: [...path, key],
    }));
  if (typeof name !== 'string' || name.trim() === '')
    problems.push({ message: '"name" must be text', path: [...path, 'name'] });
  if (!isMapping(variables))
    problems.push({
      message: '"variables" must be a mapping of names to values',
      path: [...path, 'variables'],
    });
  if (!Array.isArray(assert))
    problems.push({ message: '"assert" must be a list of assertions', path: [...path, 'assert'] });
  const assertions = (Array.isArray(assert) ? assert : []).flatMap((item, index): PlacedAssertion[] => {
    const place = [...path, 'assert', index];
    const read = parseAssertion(item);
    if (read.ok) return [{ assertion: read.assertion, path: place }];
    problems.push({
      message: `the assertion ${read.problem}`,
      path: read.key === null ? place : [...place, read.key],
    });
    return [];
  });
  if (problems.length > 0) return { ...noCases, problems };
  const read = { name: String(name), variables: isMapping(variables) ? variables : {}, assertions, path };
  return { ...noCases, cases: [read] };
};

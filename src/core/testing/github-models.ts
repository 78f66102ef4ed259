import type { PromptDocument } from '../prompt/document.ts';
import { usedVariables } from '../template/used-variables.ts';
import { type Assertion, parseAssertion } from './assertion.ts';
import type { CaseProblem, PlacedAssertion, ReadCases, TestCase } from './cases.ts';

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** GitHub Models' checks of text → ours. Its judges by a model (`llm`, `uses`) have no counterpart and are left out. */
const stringChecks: readonly (readonly [theirs: string, ours: string])[] = [
  ['contains', 'contains'],
  ['startsWith', 'starts-with'],
  ['endsWith', 'ends-with'],
  ['equals', 'equals'],
];

interface Evaluator {
  readonly index: number;
  readonly check: string;
  readonly template: string;
}

/** One case for every row of `testData`; an evaluator of text becomes an assertion on the answer. */
export const readGithubCases = (document: PromptDocument): ReadCases => {
  const { testData, evaluators = [] } = document;
  if (testData === undefined) return { cases: [], problems: [], ignored: [] };
  if (!Array.isArray(testData) || !Array.isArray(evaluators)) {
    const path = [Array.isArray(testData) ? 'evaluators' : 'testData'];
    return { cases: [], problems: [{ message: `"${path[0]}" must be a list`, path }], ignored: [] };
  }
  const used = new Set([
    ...usedVariables(document, () => undefined).map(({ name }) => name),
    ...(document.variables ?? []).map(({ name }) => name),
  ]);
  const read = evaluators.map(readEvaluator);
  const found = read.flatMap((each) => ('check' in each ? [each] : []));
  const rows = testData.map((row, index) => readRow(row, { index, used, evaluators: found }));
  return {
    cases: rows.flatMap((row) => ('name' in row ? [row] : [])),
    problems: rows.flatMap((row) => ('message' in row ? [row] : [])),
    ignored: read.flatMap((each) => ('message' in each ? [each] : [])),
  };
};

const readEvaluator = (evaluator: unknown, index: number): Evaluator | CaseProblem => {
  const text = isMapping(evaluator) ? evaluator.string : undefined;
  const checks = isMapping(text)
    ? stringChecks.flatMap(([theirs, check]) => {
        const template = text[theirs];
        return typeof template === 'string' ? [{ index, check, template }] : [];
      })
    : [];
  const [first] = checks;
  if (first !== undefined && checks.length === 1) return first;
  const name = isMapping(evaluator) && typeof evaluator.name === 'string' ? ` "${evaluator.name}"` : '';
  return { message: `the evaluator${name} is not run: only checks of text are`, path: ['evaluators', index] };
};

const readRow = (
  row: unknown,
  { index, used, evaluators }: { index: number; used: ReadonlySet<string>; evaluators: readonly Evaluator[] },
): TestCase | CaseProblem => {
  const path = ['testData', index];
  if (!isMapping(row)) return { message: 'a row of test data must be a mapping', path };
  const assertions = evaluators.flatMap((evaluator): PlacedAssertion[] => {
    const assertion = fillEvaluator(evaluator, row);
    return assertion === null ? [] : [{ assertion, path: ['evaluators', evaluator.index] }];
  });
  // A row also holds what evaluators want, which is no variable of the prompt.
  const variables = Object.fromEntries(Object.entries(row).filter(([name]) => used.has(name)));
  return { name: `row ${index + 1}`, variables, assertions, path };
};

/** Null where the row has no text to look for: an empty text is in every answer. */
const fillEvaluator = ({ check, template }: Evaluator, row: Mapping): Assertion | null => {
  const value = template.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) =>
    Object.hasOwn(row, name) ? String(row[name] ?? '') : '',
  );
  const read = parseAssertion({ [check]: value, on: 'output' });
  return read.ok ? read.assertion : null;
};

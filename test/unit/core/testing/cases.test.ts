import { describe, expect, it } from 'vitest';
import { parseAssertion } from '../../../../src/core/testing/assertion.ts';
import { joinCases, readCases, readDocumentCases } from '../../../../src/core/testing/cases.ts';

describe('an assertion', () => {
  it.each([
    [{ contains: 'x' }, { kind: 'contains', value: 'x', on: null, ignoreCase: false }],
    [
      { 'not-contains': 'x', on: 'prompt' },
      { kind: 'not-contains', on: 'prompt' },
    ],
    [
      { regex: '^a', 'ignore-case': true },
      { kind: 'regex', ignoreCase: true },
    ],
    [{ 'max-latency': '2s' }, { kind: 'max-latency', value: 2000, on: 'output' }],
    [{ similar: { to: 'a', min: 0.5 } }, { value: { to: 'a', by: 'levenshtein', min: 0.5 } }],
    [{ 'json-schema': true }, { value: true }],
    [{ 'json-schema': { type: 'object' } }, { value: { type: 'object' } }],
    [{ command: 'is-sql' }, { value: 'is-sql', on: 'output' }],
    [{ equals: '' }, { value: '' }],
  ])('%j is read', (given, expected) => {
    expect(parseAssertion(given)).toMatchObject({ ok: true, assertion: expected });
  });

  it.each([
    ['contains', 'must be a mapping'],
    [{}, 'says nothing'],
    [{ includes: 'x' }, '"includes" is no assertion; there are contains, not-contains'],
    [{ contains: 'a', equals: 'b' }, 'make them two assertions'],
    [{ contains: '' }, '"contains" must not be empty'],
    [{ contains: 4 }, '"contains" must be string'],
    [{ 'max-tokens': 1.5 }, '"max-tokens" must be a whole number'],
    [{ 'max-tokens': -1 }, '"max-tokens" must'],
    [{ 'max-latency': 'soon' }, 'must be a duration'],
    [{ 'max-latency': '1s', on: 'prompt' }, 'looks at an answer'],
    [{ similar: { to: 'a', min: 2 } }, 'must be from 0 to 1'],
    [{ similar: { to: 'a', min: 1, by: 'magic' } }, 'must be'],
    [{ snapshot: false }, 'must be true'],
    [{ contains: 'a', on: 'mars' }, '"on" must be prompt or output'],
    [{ contains: 'a', 'ignore-case': 'yes' }, 'must be true or false'],
  ])('%j is refused: %s', (given, problem) => {
    expect(parseAssertion(given)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('the cases of a list', () => {
  it('have names, and places for each assertion', () => {
    const read = readCases(
      [{ variables: { a: 1 }, assert: [{ contains: 'x' }] }, { name: 'two' }],
      ['tests'],
    );
    expect(read.problems).toEqual([]);
    expect(read.cases).toMatchObject([
      {
        name: 'test 1',
        variables: { a: 1 },
        path: ['tests', 0],
        assertions: [{ path: ['tests', 0, 'assert', 0] }],
      },
      { name: 'two', variables: {}, assertions: [] },
    ]);
  });

  it('report all problems at once, each with its place', () => {
    const read = readCases(
      [4, { name: '', variables: [], assert: 'x', extra: 1 }, { assert: [{ contains: 3 }, { nothing: 1 }] }],
      [],
    );
    expect(read.problems.map(({ path }) => path.join('.'))).toEqual([
      '0',
      '1.extra',
      '1.name',
      '1.variables',
      '1.assert',
      '2.assert.0.contains',
      '2.assert.1.nothing',
    ]);
  });

  it('may not share a name', () => {
    const [a, b] = [readCases([{ name: 'same' }], ['tests']), readCases([{ name: 'same' }], [])];
    expect(joinCases([a, b]).problems).toEqual([{ message: 'there are two tests named "same"', path: [0] }]);
  });

  it('are a list', () => {
    expect(readCases({ name: 'x' }, []).problems).toMatchObject([{ message: 'the tests must be a list' }]);
  });
});

describe("GitHub Models' test data", () => {
  const document = {
    messages: [{ role: 'user' as const, content: 'Review {{diff}}' }],
    testData: [{ diff: 'a', expected: 'no' }, { diff: 'b' }],
    evaluators: [
      { name: 'Names it', string: { contains: '{{expected}}' } },
      { name: 'By a model', uses: 'github/similarity' },
      { name: 'By a judge', llm: { prompt: 'x' } },
      { name: 'Begins', string: { startsWith: 'Well' } },
    ],
  };

  it('becomes one case a row, whose evaluators of text are assertions on the answer', () => {
    const { cases, problems } = readDocumentCases(document);
    expect(problems).toEqual([]);
    expect(cases).toMatchObject([
      {
        name: 'row 1',
        variables: { diff: 'a' },
        assertions: [
          { assertion: { kind: 'contains', value: 'no', on: 'output' }, path: ['evaluators', 0] },
          { assertion: { kind: 'starts-with', value: 'Well' } },
        ],
      },
      // The second row expects nothing.
      { name: 'row 2', variables: { diff: 'b' }, assertions: [{ assertion: { kind: 'starts-with' } }] },
    ]);
    expect(cases[0]?.variables).not.toHaveProperty('expected');
  });

  it('says which evaluators are not run', () => {
    expect(readDocumentCases(document).ignored.map(({ message }) => message)).toEqual([
      'the evaluator "By a model" is not run: only checks of text are',
      'the evaluator "By a judge" is not run: only checks of text are',
    ]);
  });

  it('must be a list of mappings', () => {
    expect(readDocumentCases({ content: 'x', testData: 4 }).problems).toHaveLength(1);
    expect(readDocumentCases({ content: 'x', testData: [4] }).problems).toMatchObject([
      { path: ['testData', 0] },
    ]);
  });
});

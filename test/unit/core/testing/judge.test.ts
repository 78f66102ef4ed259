import { describe, expect, it } from 'vitest';
import { parseAssertion } from '../../../../src/core/testing/assertion.ts';
import { loadSchemaCheck, schemaOfDocument } from '../../../../src/core/testing/json-schema-check.ts';
import { type JudgedText, judgeText, type TextAssertion } from '../../../../src/core/testing/judge.ts';
import { computeSimilarity } from '../../../../src/core/testing/similarity.ts';

const answer: JudgedText = { text: 'Hello World', noun: 'answer', latencyMs: 120, costUsd: 0.002, tokens: 3 };

const judge = (assertion: object, judged: Partial<JudgedText> = {}) => {
  const read = parseAssertion(assertion);
  if (!read.ok) throw new Error(read.problem);
  return judgeText(read.assertion as TextAssertion, { ...answer, ...judged }).problem;
};

describe('an assertion holds or says why not', () => {
  it.each([
    [{ contains: 'World' }, { contains: 'world' }, 'does not contain "world"'],
    [{ contains: 'world', 'ignore-case': true }, { contains: 'x', 'ignore-case': true }, 'does not contain'],
    [{ 'not-contains': 'world' }, { 'not-contains': 'World' }, 'the answer contains "World"'],
    [{ 'starts-with': 'Hell' }, { 'starts-with': 'ello' }, 'does not begin with'],
    [{ 'ends-with': 'ld' }, { 'ends-with': 'l' }, 'does not end with'],
    [{ equals: 'Hello World' }, { equals: 'Hello' }, 'is "Hello World", not "Hello"'],
    [{ regex: '^H.*d$' }, { regex: '^W' }, 'does not match "^W"'],
    [{ 'not-regex': '\\d' }, { 'not-regex': 'o{1}' }, 'matches "o{1}"'],
    [{ 'max-tokens': 3 }, { 'max-tokens': 2 }, 'has 3 tokens, more than 2'],
    [{ 'max-latency': '120ms' }, { 'max-latency': '119ms' }, 'took 120 ms, more than 119 ms'],
    [{ 'max-cost-usd': 0.002 }, { 'max-cost-usd': 0.001 }, 'cost 0.002 USD'],
    [
      { similar: { to: 'Hello world', min: 0.9 } },
      { similar: { to: 'Bye', min: 0.9 } },
      'similar by levenshtein',
    ],
  ])('%j, %j', (held, broken, problem) => {
    expect(judge(held)).toBeNull();
    expect(judge(broken)).toContain(problem);
  });

  it('does not hold where a figure is not known', () => {
    expect(judge({ 'max-cost-usd': 1 }, { costUsd: null })).toContain('the cost is not known');
    expect(judge({ 'max-latency': '1s' }, { latencyMs: null })).toContain('not known');
  });

  it('estimates tokens where nobody counted them, and says so', () => {
    expect(judge({ 'max-tokens': 1 }, { tokens: null })).toContain('has about 2 tokens');
  });

  it('matches no pattern in more than 10,000 characters', () => {
    expect(judge({ regex: 'x' }, { text: 'x'.repeat(10_001) })).toContain('only 10000 are matched');
    expect(judge({ regex: 'x' }, { text: 'x'.repeat(10_000) })).toBeNull();
  });

  it('says when a pattern is none', () => {
    expect(judge({ regex: '(' })).toContain('is no regular expression');
  });

  it('cuts long texts in messages', () => {
    expect(judge({ contains: 'y'.repeat(500) })?.length).toBeLessThan(150);
  });
});

describe('similarity', () => {
  it.each([
    ['levenshtein', 'kitten', 'sitting', 1 - 3 / 7],
    ['levenshtein', '', '', 1],
    ['levenshtein', 'abc', '', 0],
    ['jaccard', 'the cat sat', 'The cat ran!', 2 / 4],
    ['jaccard', '', '...', 1],
    ['cosine', 'a a b', 'a b b', 4 / 5],
    ['cosine', 'one', 'two', 0],
    ['cosine', '', 'two', 0],
    ['cosine', 'same words', 'words same', 1],
  ] as const)('by %s of %j and %j', (by, a, b, expected) => {
    expect(computeSimilarity(by, a, b)).toBeCloseTo(expected, 12);
  });
});

describe('a JSON schema', () => {
  const schema = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } };

  it.each([
    ['{"a": 1}', null],
    ['{"a": "x"}', 'does not fit the schema: /a must be integer'],
    ['{}', "does not fit the schema: it must have required property 'a'"],
    ['{a: 1}', 'is not JSON'],
  ])('%s: %s', async (text, problem) => {
    expect((await loadSchemaCheck())(schema, text)).toBe(problem);
  });

  it('of draft 7 is read by its own rules', async () => {
    const tuple = { items: [{ type: 'string' }] };
    const check = await loadSchemaCheck();
    expect(check({ ...tuple, $schema: 'http://json-schema.org/draft-07/schema#' }, '[1]')).toContain(
      '/0 must be string',
    );
  });

  it('that is none is said to be none', async () => {
    expect((await loadSchemaCheck())({ type: 'nothing' }, '{}')).toContain('the schema is not valid');
  });

  it.each([
    [{ name: 'x', strict: true, schema }, schema],
    [schema, schema],
    [JSON.stringify({ name: 'x', schema }), schema],
    ['no json', null],
    [undefined, null],
  ])('of a document, %j', (given, expected) => {
    expect(schemaOfDocument(given)).toEqual(expected);
  });
});

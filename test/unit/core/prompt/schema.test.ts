import type * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { PromptDocument } from '../../../../src/core/prompt/document.ts';
import { type promptDocumentSchema, validateDocument } from '../../../../src/core/prompt/schema.ts';

const errorsOf = (value: unknown): string[] =>
  validateDocument(value)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => `${path.join('.')}: ${message}`);

const variable = (rest: Record<string, unknown>): unknown => ({
  content: 'x',
  variables: [{ name: 'a', ...rest }],
});

describe('a valid document', () => {
  it('is returned as it was given, nothing filled in', () => {
    const value = { zeta: 1, content: 'Hi {{a}}', variables: [{ name: 'a', default: null }] };
    const { document, problems } = validateDocument(value);
    expect(document).toBe(value);
    expect(problems).toEqual([
      { severity: 'warning', message: '"zeta" is no key that promptv knows', path: ['zeta'] },
    ]);
  });

  it.each([
    { content: '' },
    { content: 'a {{b}}', template: 'mustache', tags: [], jsonSchema: '{}' },
    { content: 'a {{b}} {', template: 'none' },
    {
      messages: [
        { role: 'developer', content: 'x' },
        { role: 'tool', content: 'y' },
      ],
    },
    { content: 'x', dependencies: { 'shared/tone': '^1.0.0', b: '1.x || >=2.0.0-rc.1' } },
    { content: 'x', jsonSchema: { properties: { constructor: { type: 'string' } } } },
    { content: 'x', modelParameters: { temperature: 1e-7, seed: 2 ** 53 - 1 } },
    { content: 'x', variables: [{ name: 'größe-2', type: 'array', maxLength: 2, default: [1, 2] }] },
    { content: 'x', variables: [{ name: 'a', enum: [1, 'b', null], default: 'b' }] },
  ])('can be %j', (value) => {
    expect(validateDocument(value).problems).toEqual([]);
  });

  it('has the type that the schema describes', () => {
    expectTypeOf<v.InferOutput<typeof promptDocumentSchema>>().toExtend<PromptDocument>();
  });
});

describe('an invalid document', () => {
  it.each<[string, unknown, string]>([
    ['nothing', null, ': the document must be a mapping, not empty'],
    ['text', 'x', ': the document must be a mapping, not "x"'],
    ['a list', [], ': the document must be a mapping, not a list'],
    ['neither body', {}, ': there is neither "content" nor "messages"'],
    ['both bodies', { content: 'x', messages: [{ role: 'user', content: 'y' }] }, 'messages: there are both'],
    ['content of a number', { content: 1 }, 'content: "content" must be text, not 1'],
    ['an empty key', { content: 'x', tags: null }, 'tags: "tags" must be a list, not empty'],
    ['no messages', { messages: [] }, 'messages: "messages" must not be empty'],
    [
      'a role unknown',
      { messages: [{ role: 'bot', content: 'x' }] },
      'messages.0.role: "role" must be one of system,',
    ],
    ['a message of text', { messages: ['x'] }, 'messages.0: "messages[0]" must be a mapping, not "x"'],
    ['a message of a list', { messages: [[]] }, 'messages.0: "messages[0]" must be a mapping, not a list'],
    ['a message without content', { messages: [{ role: 'user' }] }, 'messages.0: "content" is missing'],
    [
      'a list for a mapping',
      { content: 'x', metadata: [] },
      'metadata: "metadata" must be a mapping, not a list',
    ],
    ['a tag of a number', { content: 'x', tags: ['a', 2] }, 'tags.1: "tags[1]" must be text, not 2'],
    [
      'a language unknown',
      { content: 'x', template: 'jinja' },
      'template: "template" must be one of mustache, fstring',
    ],
    [
      'a schema of a number',
      { content: 'x', jsonSchema: 3 },
      'jsonSchema: "jsonSchema" must be text or a mapping, not 3',
    ],
    [
      'a schema of a list',
      { content: 'x', jsonSchema: [] },
      'jsonSchema: "jsonSchema" must be a mapping, not a list',
    ],
    [
      'a dependency of no name',
      { content: 'x', dependencies: { 'a b': '1' } },
      'dependencies.a b: "a b" names no prompt',
    ],
    [
      'a dependency of no range',
      { content: 'x', dependencies: { a: 'newest' } },
      'dependencies.a: "newest" is no range',
    ],
    [
      'a dependency of an empty range',
      { content: 'x', dependencies: { a: ' ' } },
      'dependencies.a: " " is no range',
    ],
    ['a broken template', { content: 'x\n{{a' }, 'content: line 2 of the template: unclosed tag'],
    [
      'a broken f-string',
      { content: '{a b}', template: 'fstring' },
      'content: line 1 of the template: "{a b}" holds no',
    ],
    [
      'a number too large',
      { content: 'x', metadata: { n: 2 ** 53 } },
      'metadata.n: the integer 9007199254740992 is too',
    ],
    [
      'an infinite number',
      { content: 'x', testData: [{ n: -Infinity }] },
      'testData.0.n: -Infinity is no number',
    ],
    ['not a number', { content: 'x', zeta: NaN }, 'zeta: NaN is no number'],
    [
      '__proto__ deep inside',
      JSON.parse('{"content":"x","testData":{"__proto__":1}}'),
      'testData.__proto__: the key',
    ],
    [
      '__proto__ on top',
      JSON.parse('{"content":"x","__proto__":{}}'),
      '__proto__: the key "__proto__" is not allowed',
    ],
    [
      'constructor on top',
      { content: 'x', constructor: 1 },
      'constructor: the key "constructor" is not allowed here',
    ],
    [
      'prototype as a dependency',
      { content: 'x', dependencies: { prototype: '1' } },
      'dependencies.prototype: the key',
    ],
    [
      'a variable named constructor',
      variable({ name: 'constructor' }),
      'variables.0.name: no variable can be named',
    ],
    ['a variable with a space', variable({ name: 'a b' }), 'variables.0.name: "a b" cannot name a variable'],
    ['a variable without a name', { content: 'x', variables: [{}] }, 'variables.0: "name" is missing'],
    [
      'two variables of one name',
      { content: 'x', variables: [{ name: 'a' }, { name: 'a' }] },
      'variables.1.name: there are two',
    ],
    ['a type unknown', variable({ type: 'date' }), 'variables.0.type: "type" must be one of string, number'],
    [
      'a default of another type',
      variable({ type: 'integer', default: 1.5 }),
      'variables.0.default: "default" must be an integer',
    ],
    [
      'a default outside the enum',
      variable({ enum: ['a'], default: 'b' }),
      'variables.0.default: "default" must be one of "a"',
    ],
    [
      'a default too long',
      variable({ maxLength: 1, default: 'bb' }),
      'variables.0.default: "default" must have at most 1',
    ],
    [
      'an enum of another type',
      variable({ type: 'string', enum: ['a', 2] }),
      'variables.0.enum.1: "enum[1]" must be a string',
    ],
    ['an empty enum', variable({ enum: [] }), 'variables.0.enum: "enum" must not be empty'],
    [
      'a pattern that does not compile',
      variable({ pattern: '(' }),
      'variables.0.pattern: ( is no regular expression',
    ],
    [
      'a pattern too long',
      variable({ pattern: 'a'.repeat(501) }),
      'variables.0.pattern: the pattern has 501 characters',
    ],
    [
      'lengths the wrong way round',
      variable({ minLength: 3, maxLength: 2 }),
      'variables.0.minLength: "minLength" (3) is above',
    ],
    [
      'a range the wrong way round',
      variable({ minimum: 3, maximum: 2 }),
      'variables.0.minimum: "minimum" (3) is above',
    ],
    [
      'a negative length',
      variable({ minLength: -1 }),
      'variables.0.minLength: "minLength" must be an integer of 0 or more',
    ],
  ])('with %s is refused', (_, value, expected) => {
    expect(validateDocument(value).document).toBeNull();
    expect(errorsOf(value)).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
  });

  it('tells all its problems at once', () => {
    const value = {
      content: 1,
      tags: 2,
      variables: [{ name: 'a', pattern: '(' }],
      dependencies: { a: '?' },
      zeta: NaN,
    };
    expect(errorsOf(value)).toHaveLength(5);
  });

  it('does not overflow the stack, however deep', () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 5_000; depth += 1) value = { value };
    expect(errorsOf({ content: 'x', value })).toEqual([expect.stringContaining('deeper than 64 levels')]);
  });

  it('warns of unknown keys in variables and messages', () => {
    const value = {
      messages: [{ role: 'user', content: 'x', name: 'n' }],
      variables: [{ name: 'a', requird: true }],
    };
    const { document, problems } = validateDocument(value);
    expect(document).toBe(value);
    expect(problems.map(({ severity, path }) => [severity, path.join('.')])).toEqual([
      ['warning', 'variables.0.requird'],
      ['warning', 'messages.0.name'],
    ]);
  });
});

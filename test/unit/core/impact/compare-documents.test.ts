import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, impactOfChanges } from '../../../../src/core/impact/change.ts';
import { type ComparedPrompt, compareDocuments } from '../../../../src/core/impact/compare-documents.ts';
import { compareImpact, type Impact } from '../../../../src/core/impact/grade.ts';
import type { PromptDocument, PromptVariable } from '../../../../src/core/prompt/document.ts';

const prompt = (document: PromptDocument, usedVariables: readonly string[] = []): ComparedPrompt => ({
  document,
  usedVariables,
});

const withVariable = (variable: Partial<PromptVariable> | null): ComparedPrompt =>
  prompt({ content: 'Hi', variables: variable === null ? [] : [{ name: 'tone', ...variable }] });

const summary = (changes: readonly Change[]): string[] =>
  changes.map((change) => `${change.impact} ${change.kind} ${change.path}`);

const compareParts = (before: Partial<PromptDocument>, after: Partial<PromptDocument>): string[] =>
  summary(compareDocuments(prompt({ content: 'Hi', ...before }), prompt({ content: 'Hi', ...after })));

describe('the impact of a variable', () => {
  type Row = [string, Partial<PromptVariable> | null, Partial<PromptVariable> | null, string[]];
  const rows: Row[] = [
    ['a required variable appears', null, {}, ['major added variables.tone']],
    ['an optional variable appears', null, { default: 'calm' }, ['minor added variables.tone']],
    ['a variable disappears', { default: 'calm' }, null, ['major removed variables.tone']],
    ['its type changes', { type: 'string' }, { type: 'number' }, ['major changed variables.tone.type']],
    ['the implied type is written down', {}, { type: 'string' }, ['patch added variables.tone.type']],
    [
      'it becomes required',
      { required: false },
      { required: true },
      ['major changed variables.tone.required'],
    ],
    [
      'it becomes optional',
      { required: true },
      { required: false },
      ['minor changed variables.tone.required'],
    ],
    ['it gets a default', {}, { default: 'calm' }, ['minor added variables.tone.default']],
    ['it loses its default', { default: 'calm' }, {}, ['major removed variables.tone.default']],
    [
      'it loses its default and stays optional',
      { default: 'a', required: false },
      { required: false },
      ['minor removed variables.tone.default'],
    ],
    ['its default changes', { default: 'a' }, { default: 'b' }, ['minor changed variables.tone.default']],
    ['its enum narrows', { enum: ['a', 'b'] }, { enum: ['a'] }, ['major changed variables.tone.enum']],
    ['its enum widens', { enum: ['a'] }, { enum: ['a', 'b'] }, ['minor changed variables.tone.enum']],
    ['its enum swaps a value', { enum: ['a'] }, { enum: ['b'] }, ['major changed variables.tone.enum']],
    [
      'its enum is reordered',
      { enum: ['a', 'b'] },
      { enum: ['b', 'a'] },
      ['patch changed variables.tone.enum'],
    ],
    ['an enum is set', {}, { enum: ['a'] }, ['major added variables.tone.enum']],
    ['an enum is dropped', { enum: ['a'] }, {}, ['minor removed variables.tone.enum']],
    ['a pattern is set', {}, { pattern: '^a' }, ['major added variables.tone.pattern']],
    ['a pattern changes', { pattern: '^b' }, { pattern: '^a' }, ['major changed variables.tone.pattern']],
    ['a pattern is dropped', { pattern: '^b' }, {}, ['minor removed variables.tone.pattern']],
    ['minLength rises', { minLength: 1 }, { minLength: 2 }, ['major changed variables.tone.minLength']],
    ['minLength falls', { minLength: 2 }, { minLength: 1 }, ['minor changed variables.tone.minLength']],
    ['maxLength is set', {}, { maxLength: 9 }, ['major added variables.tone.maxLength']],
    ['maxLength rises', { maxLength: 9 }, { maxLength: 10 }, ['minor changed variables.tone.maxLength']],
    ['minimum is set to 0', {}, { minimum: 0 }, ['major added variables.tone.minimum']],
    ['maximum falls', { maximum: 9 }, { maximum: 8 }, ['major changed variables.tone.maximum']],
    ['maximum is dropped', { maximum: 9 }, {}, ['minor removed variables.tone.maximum']],
    ['its description changes', {}, { description: 'x' }, ['patch added variables.tone.description']],
  ];
  it.each(rows)('%s', (_, before, after, expected) => {
    expect(summary(compareDocuments(withVariable(before), withVariable(after)))).toEqual(expected);
  });

  it('counts a used but undeclared variable as required', () => {
    const found = compareDocuments(prompt({ content: 'Hi' }), prompt({ content: 'Hi {{who}}' }, ['who']));
    expect(summary(found)).toEqual(['major added variables.who', 'patch changed content']);
  });

  it('does not grade the declaration of a variable that was used before as a new variable', () => {
    const before = prompt({ content: '{{who}}' }, ['who']);
    const declared = (variable: PromptVariable) =>
      prompt({ content: '{{who}}', variables: [variable] }, ['who']);
    expect(summary(compareDocuments(before, declared({ name: 'who', type: 'string' })))).toEqual([
      'patch added variables.who',
    ]);
    expect(summary(compareDocuments(before, declared({ name: 'who', default: 'you' })))).toEqual([
      'minor added variables.who',
    ]);
    expect(summary(compareDocuments(declared({ name: 'who', default: 'you' }), before))).toEqual([
      'major removed variables.who',
    ]);
  });

  it('names a renamed variable when exactly one declaration fits', () => {
    const before = prompt({ content: 'Hi', variables: [{ name: 'tone', enum: ['a'] }, { name: 'x' }] });
    const after = prompt({ content: 'Hi', variables: [{ name: 'style', enum: ['a'] }, { name: 'x' }] });
    expect(compareDocuments(before, after)).toEqual([
      { path: 'variables.style', kind: 'renamed', before: 'tone', after: 'style', impact: 'major' },
    ]);
    const two = prompt({ content: 'Hi', variables: [{ name: 'style' }, { name: 'mood' }] });
    const one = prompt({ content: 'Hi', variables: [{ name: 'tone' }] });
    expect(summary(compareDocuments(one, two))).toEqual([
      'major removed variables.tone',
      'major added variables.style',
      'major added variables.mood',
    ]);
  });

  it('is not confused by names that objects inherit', () => {
    const variables = [{ name: '__proto__' }, { name: 'constructor' }];
    const found = compareDocuments(prompt({ content: 'Hi' }), prompt({ content: 'Hi', variables }));
    expect(summary(found)).toEqual(['major added variables.__proto__', 'major added variables.constructor']);
    expect(compareParts({}, { modelParameters: { constructor: 1 } })).toEqual([
      'minor added modelParameters',
    ]);
    expect(compareParts({ metadata: {} }, { metadata: { toString: 'x' } })).toEqual([
      'patch added metadata.toString',
    ]);
  });
});

describe('the impact of a part of the document', () => {
  const schema = { type: 'object', properties: { x: { type: 'string' } } };
  const rows: [string, Partial<PromptDocument>, Partial<PromptDocument>, string[]][] = [
    ['the type', { type: 'chat' }, { type: 'task' }, ['major changed type']],
    ['the template language', { template: 'none' }, { template: 'fstring' }, ['major changed template']],
    ['the default language, written down', {}, { template: 'mustache' }, ['patch added template']],
    ['the response format', {}, { responseFormat: 'json_object' }, ['major added responseFormat']],
    [
      'a property of the JSON Schema',
      { jsonSchema: schema },
      { jsonSchema: { type: 'object', properties: { x: { type: 'number' } } } },
      ['major changed jsonSchema.properties.x.type'],
    ],
    [
      'the order of keys in the JSON Schema',
      { jsonSchema: { a: 1, b: 2 } },
      { jsonSchema: { b: 2, a: 1 } },
      ['major moved jsonSchema'],
    ],
    [
      'a property of a JSON Schema given as text',
      { jsonSchema: '{"a":1}' },
      { jsonSchema: '{"a":2}' },
      ['major changed jsonSchema.a'],
    ],
    [
      'the layout of a JSON Schema given as text',
      { jsonSchema: '{"a":1}' },
      { jsonSchema: '{ "a": 1 }' },
      ['patch changed jsonSchema'],
    ],
    [
      'a JSON Schema that is no JSON',
      { jsonSchema: '{a' },
      { jsonSchema: '{b' },
      ['major changed jsonSchema'],
    ],
    [
      'a tool among others',
      { tools: [{ name: 'a' }, { name: 'b', x: 1 }] },
      { tools: [{ name: 'b', x: 2 }] },
      ['major removed tools[0]', 'major changed tools[0].x'],
    ],
    ['the model', { model: 'a' }, { model: 'b' }, ['minor changed model']],
    ['the provider', {}, { provider: 'openai' }, ['minor added provider']],
    [
      'a model parameter',
      { modelParameters: { temperature: 0.2, top_p: 1 } },
      { modelParameters: { top_p: 1, temperature: 0.7 } },
      ['minor changed modelParameters.temperature'],
    ],
    [
      'a range of a partial',
      { dependencies: { 'shared/tone': '^1.0.0' } },
      { dependencies: { 'shared/tone': '^2.0.0' } },
      ['minor changed dependencies.shared/tone'],
    ],
    ['the wording', { content: 'a' }, { content: 'b' }, ['patch changed content']],
    ['the description', { description: 'a' }, {}, ['patch removed description']],
    ['the tags', { tags: ['a'] }, { tags: ['a', 'b'] }, ['patch changed tags']],
    [
      'nested metadata',
      { metadata: { author: 'A', use: { where: 'chat' } } },
      { metadata: { author: 'B', use: { where: 'mail' } } },
      ['patch changed metadata.author', 'patch changed metadata.use.where'],
    ],
    [
      'a key with odd characters',
      { metadata: { x: 1 } },
      { metadata: { x: 1, 'a.b': 1 } },
      ['patch added metadata["a.b"]'],
    ],
    [
      'a test',
      { tests: [{ name: 'a', x: 1 }] },
      { tests: [{ name: 'a', x: 2 }] },
      ['patch changed tests[0]'],
    ],
    ['an unknown key', {}, { owner: 'me' }, ['patch added owner']],
    ['an unknown key named like our pins', {}, { pins: 1 }, ['patch added pins']],
    ['line ends', { content: 'a\r\nb' }, { content: 'a\nb' }, []],
    ['the order of keys elsewhere', { metadata: { a: 1, b: 2 } }, { metadata: { b: 2, a: 1 } }, []],
  ];
  it.each(rows)('%s', (_, before, after, expected) => {
    expect(compareParts(before, after)).toEqual(expected);
  });
});

describe('the impact of messages', () => {
  const messages = (...texts: string[]): PromptDocument => ({
    messages: texts.map((text) => {
      const [role = '', content = ''] = text.split(': ');
      return { role: role === 's' ? 'system' : role === 'a' ? 'assistant' : 'user', content };
    }),
  });
  const rows: [string, PromptDocument, PromptDocument, string[]][] = [
    [
      'wording',
      messages('s: be kind', 'u: hi'),
      messages('s: be kind', 'u: hello'),
      ['patch changed messages[1].content'],
    ],
    [
      'one is added in the middle',
      messages('s: be kind', 'u: hi'),
      messages('s: be kind', 'a: yes', 'u: hi'),
      ['minor added messages[1]'],
    ],
    ['one is removed', messages('s: be kind', 'u: hi'), messages('u: hi'), ['minor removed messages[0]']],
    [
      'a role changes',
      messages('s: be kind', 'u: hi'),
      messages('u: be kind', 'u: hi'),
      ['minor changed messages[0].role'],
    ],
    [
      'the order changes',
      messages('u: one', 'u: two', 'u: three'),
      messages('u: three', 'u: one', 'u: two'),
      ['minor moved messages[0]'],
    ],
    [
      'the order and the wording change',
      messages('u: one two three', 'u: four five six'),
      messages('u: four five six seven', 'u: one two three eight'),
      ['minor moved messages[1]', 'patch changed messages[0].content', 'patch changed messages[1].content'],
    ],
    ['content becomes messages', { content: 'hi' }, messages('u: hi'), ['minor changed messages']],
    ['messages become content', messages('u: hi'), { content: 'hi' }, ['minor changed content']],
  ];
  it.each(rows)('%s', (_, before, after, expected) => {
    expect(summary(compareDocuments(prompt(before), prompt(after))).toSorted()).toEqual(expected.toSorted());
  });

  it('says where a moved message came from', () => {
    const found = compareDocuments(prompt(messages('s: a', 'u: b')), prompt(messages('u: b', 's: a')));
    expect(found).toHaveLength(1);
    expect([found[0]?.before, found[0]?.after]).toEqual(['messages[0]', 'messages[1]']);
  });
});

describe('the impact of pins', () => {
  const pinned = (version: string, impact?: Impact): ComparedPrompt => ({
    ...prompt({ content: '{{> shared/tone}}' }),
    pins: [{ name: 'shared/tone', version, contentHash: `sha256:${version}` }],
    ...(impact === undefined ? {} : { pinImpacts: new Map([['shared/tone', impact]]) }),
  });
  it.each<[Impact | undefined, Impact]>([
    [undefined, 'minor'],
    ['patch', 'minor'],
    ['major', 'major'],
  ])('a partial with impact %s gives %s', (own, expected) => {
    expect(compareDocuments(pinned('1.0.0'), pinned('1.1.0', own))).toEqual([
      { path: 'pins.shared/tone', kind: 'changed', before: '1.0.0', after: '1.1.0', impact: expected },
    ]);
  });

  it('does not compare pins that only one side has resolved', () => {
    expect(compareDocuments(pinned('1.0.0'), prompt({ content: '{{> shared/tone}}' }))).toEqual([]);
  });
});

describe('all changes together', () => {
  it('come strongest first, then in document order', () => {
    const found = compareParts(
      { description: 'a', model: 'a', type: 'a', tags: ['a'], responseFormat: 'a' },
      { description: 'b', model: 'b', type: 'b', tags: ['b'], responseFormat: 'b', content: 'Ho' },
    );
    expect(found.map((line) => line.split(' ').at(-1))).toEqual([
      ...['type', 'responseFormat', 'model', 'description', 'content', 'tags'],
    ]);
  });

  type Edit = (document: PromptDocument) => PromptDocument;
  const edits: Edit[] = [
    (document) => ({ ...document, description: 'other' }),
    (document) => ({ ...document, model: 'other' }),
    (document) => ({ ...document, modelParameters: { ...document.modelParameters, temperature: 1 } }),
    (document) => ({ ...document, type: 'other' }),
    (document) => ({
      ...document,
      variables: [...(document.variables ?? []), { name: 'extra', default: 1 }],
    }),
    (document) => ({ ...document, variables: [...(document.variables ?? []), { name: 'needed' }] }),
    (document) => ({
      ...document,
      variables: document.variables?.filter(({ name }) => name !== 'tone') ?? [],
    }),
    (document) => ({ ...document, variables: document.variables?.toReversed() ?? [] }),
    (document) => ({
      ...document,
      variables: document.variables?.map((found) => ({ ...found, description: 'more' })) ?? [],
    }),
    (document) => ({ ...document, messages: document.messages?.toReversed() ?? [] }),
    (document) => ({
      ...document,
      messages: [...(document.messages ?? []), { role: 'user', content: 'Also' }],
    }),
    (document) => ({
      ...document,
      messages: document.messages?.map((found) => ({ ...found, content: `${found.content} Please.` })) ?? [],
    }),
    (document) => ({ ...document, metadata: { ...document.metadata, author: 'other' } }),
    (document) => ({ ...document, jsonSchema: { type: 'object' } }),
  ];
  const original: PromptDocument = {
    messages: [
      { role: 'system', content: 'You answer questions about orders.' },
      { role: 'user', content: 'Where is the parcel of {{customer}}?' },
    ],
    variables: [{ name: 'customer' }, { name: 'tone', default: 'calm' }],
  };
  const impactOfEdits = (chosen: readonly Edit[]): Impact =>
    impactOfChanges(
      compareDocuments(prompt(original), prompt(chosen.reduce((document, edit) => edit(document), original))),
    );

  it('never grade lower when more is changed', () => {
    fc.assert(
      fc.property(fc.subarray(edits), fc.subarray(edits), (some, more) => {
        const all = edits.filter((edit) => some.includes(edit) || more.includes(edit));
        expect(compareImpact(impactOfEdits(all), impactOfEdits(some))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it('are empty only when nothing in the documents differs', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const document = fc.record(
      {
        content: fc.constantFrom('a', 'b'),
        metadata: fc.dictionary(fc.string(), value),
        tools: value,
        x: value,
      },
      { requiredKeys: ['content'] },
    );
    fc.assert(
      fc.property(document, document, (before, after) => {
        const isSame = JSON.stringify(sortKeys(before)) === JSON.stringify(sortKeys(after));
        expect(compareDocuments(prompt(before), prompt(after)).length === 0).toBe(isSame);
        expect(compareDocuments(prompt(before), prompt(structuredClone(before)))).toEqual([]);
      }),
    );
  });
});

/** Keys in one order everywhere but inside `tools`. */
const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, item]) => [key, key === 'tools' ? item : sortKeys(item)]);
};

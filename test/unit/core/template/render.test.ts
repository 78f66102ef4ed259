import fc from 'fast-check';
import mustache from 'mustache';
import { describe, expect, it } from 'vitest';
import type { PromptDocument } from '../../../../src/core/prompt/document.ts';
import { compileDocument, renderDocument } from '../../../../src/core/template/render.ts';
import { isPromptvError } from '../../../../src/errors.ts';

const render = (
  content: string,
  values: Record<string, unknown> = {},
  rest: PromptDocument = {},
  partials: Record<string, PromptDocument> = {},
): string => {
  const partialOf = (name: string): PromptDocument | undefined =>
    Object.hasOwn(partials, name) ? partials[name] : undefined;
  return renderDocument({ content, ...rest }, { name: 'p', values, partialOf }).text;
};

const failureOf = (run: () => unknown): { code: string; details: Record<string, unknown> } => {
  try {
    run();
  } catch (error) {
    if (isPromptvError(error)) return { code: error.code, details: { ...error.details } };
    throw error;
  }
  throw new Error('nothing was thrown');
};

const attempt = (run: () => string): string | null => {
  try {
    return run();
  } catch {
    return null;
  }
};

describe('mustache', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['Hi {{name}}!', { name: '<b> & "c"' }, 'Hi <b> & "c"!'],
    ['{{{a}}}{{&a}}', { a: '<' }, '<<'],
    ['{{ a.b.c }}', { a: { b: { c: 1 } } }, '1'],
    ['{{a}}{{b}}', { a: 0, b: false }, '0false'],
    ['{{a}} {{b}}', { a: [1, 'x'], b: { c: null } }, '[1,"x"] {"c":null}'],
    ['{{a.1}}', { a: ['x', 'y'] }, 'y'],
    ['{{! note }}x', {}, 'x'],
    ['{{#a}}{{.}},{{/a}}', { a: [1, 2] }, '1,2,'],
    ['{{#a}}yes{{/a}}{{^a}}no{{/a}}', { a: true }, 'yes'],
    ['{{#a}}yes{{/a}}{{^a}}no{{/a}}', { a: [] }, 'no'],
    ['{{#a}}<{{.}}>{{/a}}', { a: 'text' }, '<text>'],
    ['a\n  {{#b}}\n  c\n  {{/b}}\nd', { b: true }, 'a\n  c\nd'],
    ['{{a}}', { a: new Date(0) }, '1970-01-01T00:00:00.000Z'],
    ['no tags } {', {}, 'no tags } {'],
  ])('%j with %j is %j', (content, values, text) => {
    expect(render(content, values)).toBe(text);
  });

  it('gives what mustache itself gives, wherever the lines with tags stand', () => {
    const tags = '{{a}} {{{a}}} {{&a}} {{#s}} {{/s}} {{^n}} {{/n}} {{!c}} {{!\n}}'.split(' ');
    const piece = fc.constantFrom(...tags, 'text', ' ', '\n', '\n', '\r\n', '}}', '{ "b": {} }');
    const view = { a: 'A', s: true, n: false };
    const declared: PromptDocument = { variables: [{ name: 'a' }, { name: 's' }, { name: 'n' }] };
    let rendered = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const content = pieces.join('');
        const expected = attempt(() => mustache.render(content, view, {}, { escape: String }));
        if (expected === null) {
          expect(() => render(content, view, declared)).toThrow(/template/i);
          return;
        }
        rendered += 1;
        expect(render(content, view, declared)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
    expect(rendered).toBeGreaterThan(200);
  });

  it.each([
    ['one\ntwo\n{{a}} {{b', 14],
    ['one\ntwo {{a}}\n{{b c}}\nfour', 14],
    ['one\n{{a}}\ntwo\n{{#a}}\nsix', 14],
  ])('says where in %j it does not parse', (content, offset) => {
    expect(failureOf(() => render(content)).details).toMatchObject({ offset });
  });

  it('gives an item its own names first, then those around it', () => {
    const rest: PromptDocument = { variables: [{ name: 'items', type: 'array' }, { name: 'lang' }] };
    const values = { items: [{ title: 'A', lang: 'de' }, { title: 'B' }], lang: 'en' };
    expect(render('{{#items}}{{title}}:{{lang}} {{/items}}', values, rest)).toBe('A:de B:en ');
  });

  it('renders an optional variable without a value as nothing', () => {
    const rest: PromptDocument = { variables: [{ name: 'note', required: false }] };
    expect(render('[{{note}}{{#note}}x{{/note}}]', {}, rest)).toBe('[]');
  });

  it.each([
    ['{{constructor}}', {}, 'constructor'],
    ['{{a.length}}', { a: 'text' }, 'a.length'],
    ['{{a.length}}', { a: [1] }, 'a.length'],
    ['{{a.constructor}}', { a: {} }, 'a.constructor'],
    ['{{a.toString}}', { a: 1 }, 'a.toString'],
    ['{{__proto__}}', {}, '__proto__'],
    ['{{a.__proto__.b}}', { a: {} }, 'a.__proto__.b'],
  ])('finds nothing on prototypes: %s', (content, values, name) => {
    const { code, details } = failureOf(() => render(content, values));
    expect(code).toBe('VARIABLES_INVALID');
    expect(details.problems).toEqual([`"${name}" is missing`]);
  });

  it('finds nothing on the prototype of a default either', () => {
    const rest: PromptDocument = { variables: [{ name: 'a', type: 'object', default: { b: 1 } }] };
    expect(render('{{a.b}}', {}, rest)).toBe('1');
    expect(failureOf(() => render('{{a.valueOf}}', {}, rest)).details.problems).toEqual([
      '"a.valueOf" is missing',
    ]);
  });

  it('never calls a function', () => {
    let calls = 0;
    const lambda = (): string => {
      calls += 1;
      return 'called';
    };
    expect(failureOf(() => render('{{a.f}}', { a: { f: lambda } })).code).toBe('VARIABLES_INVALID');
    expect(failureOf(() => render('{{#f}}x{{/f}}', { f: lambda })).code).toBe('VARIABLES_INVALID');
    expect(calls).toBe(0);
  });

  it('refuses data that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(failureOf(() => render('{{a}}', { a: loop })).details.problems).toEqual([
      expect.stringContaining('deeper than 100'),
    ]);
  });

  it.each([
    ['a {{x', 'unclosed tag', 'content, character 3'],
    ['{{#a}}x', 'unclosed section "a"', 'content, character 1'],
    ['x{{/a}}', 'unopened section "a"', 'content, character 2'],
    ['{{=<% %>=}}', 'delimiters', 'content, character 1'],
    ['x {{.}}', 'outside a section', 'content, character 3'],
    ['{{#if x}}{{/if x}}', 'names no variable', 'content, character 1'],
    ['{{}}', 'names no variable', 'content, character 1'],
    ['{{> A b}}', 'names no prompt', 'content, character 1'],
    [`{{a${' '.repeat(100_000)}`, 'white-space', 'content, character 4'],
    [`${'{{#a}}'.repeat(60)}${'{{/a}}'.repeat(60)}`, 'nested sections', 'content, character 301'],
  ])('is refused with its place: case %#', (content, reason, where) => {
    const { code, details } = failureOf(() => render(content));
    expect(code).toBe('TEMPLATE_INVALID');
    expect(details).toMatchObject({ name: 'p', reason: expect.stringContaining(reason), where });
  });
});

describe('f-strings and plain text', () => {
  it.each([
    ['{a}, {{a}} {b_1}', '1, {a} x'],
    ['}}{{{a}', '}{1'],
  ])('%s is %s', (content, text) => {
    expect(render(content, { a: 1, b_1: 'x' }, { template: 'fstring', variables: [{ name: 'b_1' }] })).toBe(
      text,
    );
  });

  it.each([
    '{',
    '}',
    'a}b',
    '{}',
    '{a b}',
    '{a.b}',
    '{a!r}',
    '{a:>3}',
    '{1}',
    '{a-b}',
    '{a{b}}',
  ])('an f-string cannot hold %s', (content) => {
    expect(failureOf(() => render(content, {}, { template: 'fstring' })).code).toBe('TEMPLATE_INVALID');
  });

  it('no template is text as it is', () => {
    expect(render('{{a}} {b', {}, { template: 'none' })).toBe('{{a}} {b');
  });
});

describe('included prompts', () => {
  it('are rendered in place with the same values, lines of a partial alone on its line indented', () => {
    const partials = { 'shared/tone': { content: 'Be {{tone}}.\n\nAlways.\n' } };
    const text = render(
      'Rules:\n  {{> shared/tone}}\nEnd {{>shared/tone}}!',
      { tone: 'kind\nand calm' },
      {},
      partials,
    );
    expect(text).toBe('Rules:\n  Be kind\nand calm.\n\n  Always.\nEnd Be kind\nand calm.\n\nAlways.\n!');
  });

  it('bring their declared variables, which the including prompt may declare anew', () => {
    const partials = {
      a: {
        content: '{{x}}{{y}}',
        variables: [
          { name: 'x', default: 1 },
          { name: 'y', default: 2 },
        ],
      },
    };
    expect(render('{{> a}}', {}, {}, partials)).toBe('12');
    expect(render('{{> a}}', {}, { variables: [{ name: 'y', default: 3 }] }, partials)).toBe('13');
  });

  it.each<[string, Record<string, PromptDocument>, string, Record<string, unknown>]>([
    [
      'that are not there',
      {},
      'DEPENDENCY_NOT_FOUND',
      { name: 'p', dependency: 'a', reason: 'does not exist' },
    ],
    ['that include themselves', { a: { content: '{{> a}}' } }, 'DEPENDENCY_CYCLE', { cycle: 'a → a' }],
    [
      'in a circle',
      { a: { content: '{{> b}}' }, b: { content: '{{> a}}' } },
      'DEPENDENCY_CYCLE',
      { cycle: 'a → b → a' },
    ],
    ['that include the prompt', { a: { content: '{{> p}}' } }, 'DEPENDENCY_CYCLE', { cycle: 'p → a → p' }],
    [
      'with messages',
      { a: { messages: [{ role: 'user', content: 'x' }] } },
      'TEMPLATE_INVALID',
      { name: 'p' },
    ],
    ['in another language', { a: { content: 'x', template: 'none' } }, 'TEMPLATE_INVALID', { name: 'p' }],
  ])('%s are refused', (_, partials, code, details) => {
    expect(failureOf(() => render('{{> a}}', {}, {}, partials))).toMatchObject({ code, details });
  });

  it('that double at every level are stopped', () => {
    const partials = Object.fromEntries(
      Array.from({ length: 30 }, (_, level) => [
        `p${level}`,
        { content: `{{> p${level + 1}}}{{> p${level + 1}}}` },
      ]),
    );
    const failure = failureOf(() => render('{{> p0}}', {}, {}, { ...partials, p30: { content: 'x' } }));
    expect(failure).toMatchObject({
      code: 'TEMPLATE_INVALID',
      details: { reason: expect.stringContaining('1000') },
    });
  });
});

describe('a rendered document', () => {
  it('of messages has them filled in, and their text in blocks', () => {
    const document: PromptDocument = {
      messages: [
        { role: 'system', content: 'Be {{tone}}.' },
        { role: 'user', content: '{{q}}' },
      ],
    };
    const rendered = renderDocument(document, { name: 'p', values: { tone: 'kind', q: 'Why?' } });
    expect(rendered.messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Why?' },
    ]);
    expect(rendered.text).toBe('system:\nBe kind.\n\nuser:\nWhy?');
  });

  it('of content has no messages', () => {
    expect(renderDocument({ content: 'x' }, { name: 'p', values: {} })).toEqual({
      text: 'x',
      messages: null,
    });
  });

  it('tells every missing and unknown variable at once', () => {
    const { code, details } = failureOf(() => render('{{a}} {{b}}', { c: 1 }));
    expect(code).toBe('VARIABLES_INVALID');
    expect(details.problems).toEqual([
      '"a" is missing',
      '"b" is missing',
      '"c" is not a variable of this prompt (did you mean "a"?)',
    ]);
  });

  it('can be compiled once and filled many times', () => {
    const fill = compileDocument(
      { content: 'Hi {{name}}', variables: [{ name: 'name', maxLength: 3 }] },
      { name: 'p' },
    );
    expect(fill({ name: 'Ada' }).text).toBe('Hi Ada');
    expect(fill({ name: 'Bob' }).text).toBe('Hi Bob');
    expect(failureOf(() => fill({ name: 'Charles' })).code).toBe('VARIABLES_INVALID');
  });
});

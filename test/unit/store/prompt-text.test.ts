import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locateInText, type ParsedPromptText, parsePromptText } from '../../../src/store/prompt-text.ts';

const parse = (text: string, path = 'a.yaml'): ParsedPromptText =>
  parsePromptText(new TextEncoder().encode(text), path);

const problemsOf = (text: string, path?: string): string[] =>
  parse(text, path).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

const aliasBomb = ['content: x', 'a0: &a0 [1,1,1,1,1,1,1,1,1,1]']
  .concat(
    Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(',')}]`),
  )
  .join('\n');

describe('a prompt text', () => {
  it.each<[string, string, unknown]>([
    ['YAML', 'content: x\n', { content: 'x' }],
    ['YAML with a byte order mark', '\ufeffcontent: x\n', { content: 'x' }],
    ['YAML with CRLF', 'content: |\r\n  x\r\n  y\r\n', { content: 'x\ny\n' }],
    ['YAML without a last line break', 'content: |\n  x', { content: 'x\n' }],
    [
      'YAML 1.2: yes, dates and octals of 1.1 are text',
      'content: yes\ntags: [2024-01-01, on]',
      { content: 'yes', tags: ['2024-01-01', 'on'] },
    ],
    ['YAML with core tags', 'content: !!str 5\n', { content: '5' }],
    ['YAML with its version', '%YAML 1.2\n---\ncontent: x\n...\n', { content: 'x' }],
    ['YAML with an alias', 'content: &a x\ndescription: *a\n', { content: 'x', description: 'x' }],
    [
      'YAML with an anchor given twice',
      'name: &a x\ncontent: &a y\ndescription: *a',
      { name: 'x', content: 'y', description: 'y' },
    ],
    ['JSON in a YAML file', '{\n\t"content": "x"\n}', { content: 'x' }],
  ])('is read: %s', (_, text, document) => {
    const parsed = parse(text);
    expect(parsed).toEqual({ document, problems: [], value: document, text, format: 'yaml' });
  });

  it.each<[string, string, unknown]>([
    [
      'JSON',
      '{"content": "x\\n\\u00e9\\"", "metadata": {"a": [1, -2.5e3, true, null, {}, []]}}',
      { content: 'x\né"', metadata: { a: [1, -2500, true, null, {}, []] } },
    ],
    ['JSON with a byte order mark', '\ufeff{"content":"x"}', { content: 'x' }],
    [
      'JSON with text that looks like keys',
      '{"content":"\\"a\\": 1, \\"a\\": 2","tags":["a","a"]}',
      { content: '"a": 1, "a": 2', tags: ['a', 'a'] },
    ],
  ])('is read: %s', (_, text, document) => {
    expect(parse(text, 'a.JSON')).toEqual({ document, problems: [], value: document, text, format: 'json' });
  });

  it('keeps a document with warnings', () => {
    const { document, problems } = parse('content: x\nzeta: 1\n');
    expect(document).toEqual({ content: 'x', zeta: 1 });
    expect(problems).toEqual([
      {
        severity: 'warning',
        message: '"zeta" is no key that promptv knows',
        path: ['zeta'],
        line: 2,
        column: 1,
      },
    ]);
  });
});

describe('a bad YAML text', () => {
  it.each([
    ['', '1:1 the document must be a mapping, not empty'],
    ['# nothing\n', '1:1 the document must be a mapping, not empty'],
    ['just text', '1:1 the document must be a mapping, not "just text"'],
    ['- content: x', '1:1 the document must be a mapping, not a list'],
    ['content: x\ncontent: y\n', '2:1 the key "content" is there twice'],
    ['\ufeffcontent: x\r\nmetadata: {a: 1, a: 2}', '2:18 the key "a" is there twice'],
    ['content: x\n---\ncontent: y\n', '2:1 a second YAML document begins here; a file holds one'],
    ['%YAML 1.1\n---\ncontent: yes', '1:1 prompts are YAML 1.2, not 1.1'],
    ['content: !!binary aGk=', '1:19 the tag !!binary is not supported'],
    ['content: x\nmetadata: {d: !!timestamp 2024-01-01}', '2:27 the tag !!timestamp is not supported'],
    ['content: !mine x', '1:16 the tag !mine is not supported'],
    ['content: x\nmetadata:\n  1: a', '3:3 the key 1 must be text; put it in quotes'],
    ['content: x\nmetadata:\n  null: a', '3:3 the key null must be text; put it in quotes'],
    ['content: x\nmetadata: {[a]: b}', '2:12 a key must be text'],
    ['content: {{name}}', '1:11 a key must be text (put text that begins with "{{" in quotes)'],
    [
      'content: x\nmetadata:\n  <<: {a: 1}',
      '3:3 merge keys (<<) are not part of YAML 1.2; repeat the entries',
    ],
    ['content: *gone', '1:10 there is no anchor &gone before this alias'],
    ['content: x\nmetadata: &a {b: *a}', '2:18 aliases expand to more than 64 levels'],
    [aliasBomb, '5:38 aliases expand to more than 10000 values'],
    ['content: "x\n', '2:1 missing closing "quote'],
    ['content: x\n\tbad: y', '2:1 tabs are not allowed as indentation'],
    ['content: x\nmetadata: {__proto__: 1}', '2:12 the key "__proto__" is not allowed'],
    ['content: x\nmetadata: {a: .inf}', '2:12 Infinity is no number that JSON can hold'],
    ['content: x\nmetadata:\n  - 9007199254740993', '2:1 "metadata" must be a mapping, not a list'],
    [
      'content: x\ntestData:\n  - 9007199254740993',
      '3:3 the integer 9007199254740992 is too large to be kept exactly (quote it to make it text)',
    ],
    ['content: |\n  a\n  {{b\n', '1:1 line 2 of the template: unclosed tag'],
  ])('text %# is refused with its place', (text, problem) => {
    const { document } = parse(text);
    expect(document).toBeNull();
    expect(problemsOf(text)).toContain(problem);
  });

  it.each(['yaml', 'json'])('with both sides of a merge in it says so, in %s', (format) => {
    const key = format === 'json' ? '"content": "Hi"\n' : 'content: Hi\n';
    const text = `# x\n<<<<<<< HEAD\n${key}=======\n${key}>>>>>>> topic\n`;
    const { problems } = parsePromptText(new TextEncoder().encode(text), `prompts/a.${format}`);
    expect(problems).toMatchObject([
      { line: 2, column: 1, message: 'a merge conflict that is not settled begins here' },
    ]);
  });

  it.each([
    ['flow lists', '['.repeat(500_000)],
    ['flow mappings', '{'.repeat(500_000)],
    ['lists', '- '.repeat(500_000)],
    ['keys', '? '.repeat(500_000)],
    ['mappings', Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}k:\n`).join('')],
  ])('of endless %s is refused at once', (_, text) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining('data is nested deeper than 64 levels')]);
  });

  it('tells problems of the text and of the data together, in the order of the text', () => {
    expect(problemsOf('tags: 1\nname: a\nname: b\nmetadata: {1: x}\n')).toEqual([
      '1:1 "tags" must be a list, not 1',
      '1:1 there is neither "content" nor "messages"',
      '3:1 the key "name" is there twice',
      '4:12 the key 1 must be text; put it in quotes',
    ]);
  });

  it('has at most 100 problems of a kind and short messages, and the rest are counted', () => {
    const { problems } = parse(`content: x\n${Array.from({ length: 300 }, (_, n) => `k${n}: 1\n`).join('')}`);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({
      severity: 'warning',
      message: '200 more problems are not shown',
    });
    expect(parse(`!${'x'.repeat(10_000)} y`).problems[0]?.message.length).toBeLessThan(400);
  });
});

describe('a bad JSON text', () => {
  it.each([
    ['', '1:1 the file ends where a value should be'],
    ['{"content": "x"', '1:16 the file ends where "," or "}" should be'],
    ['{\n  "content": "x",\n}', '3:1 there is "}" where a key in double quotes should be'],
    ['{"content": 01}', '1:14 there is "1" where "," or "}" should be'],
    ["{'content': 1}", '1:2 there is "\'" where a key in double quotes should be'],
    ['{"content" "x"}', '1:12 there is "\\"" where ":" should be'],
    ['{"content": "a\nb"}', '1:13 this text has no closing quote, a raw line break or an unknown escape'],
    ['{"content": "x"} x', '1:18 there is "x" where the end of the file should be'],
    ['{"content": NaN}', '1:13 there is "N" where a value should be'],
    ['{"content":"x",\n "content":"y"}', '2:2 the key "content" is there twice'],
    ['{"content":"x","metadata":{"a":1,"\\u0061":2}}', '1:34 the key "a" is there twice'],
    ['{"content":"x","metadata":{"n":1e999}}', '1:28 Infinity is no number that JSON can hold'],
    ['{"content":"x","__proto__":{}}', '1:16 the key "__proto__" is not allowed'],
    ['{"content":"x","tags":{}}', '1:16 "tags" must be a list, not a mapping'],
    ['['.repeat(500_000), '1:65 data is nested deeper than 64 levels'],
    [`${'['.repeat(300_000)}${']'.repeat(300_000)}`, '1:65 data is nested deeper than 64 levels'],
  ])('text %# is refused with its place', (text, problem) => {
    expect(parse(text, 'a.json').document).toBeNull();
    expect(problemsOf(text, 'a.json')).toContain(problem);
  });
});

describe('bytes that are no text of a prompt', () => {
  it.each<[string, Uint8Array, string]>([
    ['2 MiB', new Uint8Array(2 << 20), '1:1 the file has 2097152 bytes; a prompt file may have 1048576'],
    [
      'invalid UTF-8',
      Uint8Array.from([0x61, 0x3a, 0x20, 0x31, 0x0a, 0x20, 0xff]),
      '2:2 the file is not UTF-8',
    ],
    ['UTF-16', Uint8Array.from([0xff, 0xfe, 0x61, 0x00]), '1:1 the file is not UTF-8'],
    [
      'an LFS pointer',
      new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
      '1:1 the file is a Git LFS pointer, not a prompt',
    ],
  ])('%s', (_, bytes, problem) => {
    const { document, problems, value, text } = parsePromptText(bytes, 'a.yaml');
    expect([document, value, text]).toEqual([null, undefined, '']);
    expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([problem]);
  });
});

describe('the place of a path', () => {
  const yaml =
    '\ufeffcontent: x\nvariables:\n  - name: a\n    enum: [b, cc]\n  - type: string\n    name: d\n';

  it.each<[(string | number)[], number, number]>([
    [[], 1, 1],
    [['content'], 1, 1],
    [['variables', 0], 3, 3],
    [['variables', 0, 'enum', 1], 4, 15],
    [['variables', 1, 'name'], 6, 5],
    [['variables', 1, 'gone'], 5, 3],
  ])('%j in YAML is %i:%i', (path, line, column) => {
    expect(locateInText(yaml, 'yaml', path)).toEqual({ line, column });
  });

  it('in JSON is that of the key or the item', () => {
    expect(locateInText('{"tags": ["a",\n "b"]}', 'json', ['tags', 1])).toEqual({ line: 2, column: 2 });
  });
});

describe("GitHub Models' files", () => {
  const folder = new URL('../../fixtures/github-models/', import.meta.url);

  it.each(readdirSync(folder))('%s loads without a word', (name) => {
    const { document, problems } = parsePromptText(readFileSync(new URL(name, folder)), name);
    expect(problems).toEqual([]);
    expect(document?.messages?.at(-1)?.role).toBe('user');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snapshot } from '../helpers/snapshot.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const good =
  'content: Hello {{who}}\nvariables:\n  - {name: who, type: string}\n  - {name: n, type: integer, default: 1}\n';

let repo: TempRepo;
let before: Record<string, string>;

/** Runs a command that must be refused with exit 2, a coded error on the last line of stderr and an empty stdout. */
const refusalOf = async (...args: string[]) => {
  const run = await repo.promptv([...args, '--json']);
  expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 2, stdout: '' });
  const error = run.error();
  expect(error.message).not.toBe('');
  expect(run.stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  return error;
};

const json = (text: string) => `{"content":"a","metadata":{"a":${text}}}`;
const aliases = Array.from({ length: 9 }, (_, level) => {
  const item = level === 0 ? 'x' : `*a${level - 1}`;
  return `a${level}: &a${level} [${Array(9).fill(item).join(', ')}]`;
}).join('\n');

/** File → what is in it and which code and hint it gets. */
const documents: readonly (readonly [path: string, text: string | Buffer, code: string, hint: RegExp])[] = [
  [
    'dup.yaml',
    'content: a\ncontent: b\n',
    'PROMPT_INVALID',
    /dup\.yaml:2:1: the key "content" is there twice/,
  ],
  ['dup-inside.yaml', 'content: a\nmetadata:\n  k: 1\n  k: 2\n', 'PROMPT_INVALID', /:4:3: the key "k"/],
  ['dup-json.json', '{"content":"a","content":"b"}', 'PROMPT_INVALID', /:1:16: the key "content"/],
  ['bomb.yaml', `${aliases}\ncontent: a\n`, 'PROMPT_INVALID', /aliases expand/],
  ['big.yaml', `content: ${'x'.repeat(2 ** 21)}\n`, 'FILE_TOO_LARGE', /Split it/],
  ['bytes.yaml', Buffer.from('content: "\xff\xfe"\n', 'latin1'), 'PROMPT_INVALID', /:1:11: .*not UTF-8/],
  ['types.yaml', 'content: [1]\nvariables: 3\ntags: {}\n', 'PROMPT_INVALID', /types\.yaml:1:1: "content"/],
  [
    'both.yaml',
    'content: a\nmessages:\n  - {role: user, content: b}\n',
    'PROMPT_INVALID',
    /:2:1: there are both/,
  ],
  ['neither.yaml', 'description: a\n', 'PROMPT_INVALID', /neither "content" nor "messages"/],
  ['role.yaml', 'messages:\n  - {role: root, content: b}\n', 'PROMPT_INVALID', /role\.yaml:2:\d+: /],
  ['proto.yaml', 'content: a\n__proto__: {polluted: true}\n', 'PROMPT_INVALID', /:2:1: the key "__proto__"/],
  ['proto-inside.yaml', 'content: a\nmetadata:\n  __proto__: {a: 1}\n', 'PROMPT_INVALID', /:3:3: /],
  ['proto-json.json', '{"content":"a","__proto__":{"a":1}}', 'PROMPT_INVALID', /"__proto__"/],
  [
    'var-proto.yaml',
    'content: a\nvariables:\n  - name: __proto__\n',
    'PROMPT_INVALID',
    /no variable can be named/,
  ],
  [
    'infinite.yaml',
    'content: a\nmodelParameters: {temperature: .inf}\n',
    'PROMPT_INVALID',
    /:2:19: Infinity/,
  ],
  ['nan.yaml', 'content: a\nmodelParameters: {temperature: .nan}\n', 'PROMPT_INVALID', /:2:19: NaN/],
  ['infinite-json.json', json('1e999'), 'PROMPT_INVALID', /Infinity/],
  [
    'integer.yaml',
    'content: a\nmetadata: {id: 9007199254740993}\n',
    'PROMPT_INVALID',
    /too large to be kept/,
  ],
  ['integer-json.json', json('9007199254740993'), 'PROMPT_INVALID', /too large to be kept/],
  [
    'deep.yaml',
    `content: a\nmetadata: ${'{a: '.repeat(5000)}1${'}'.repeat(5000)}\n`,
    'PROMPT_INVALID',
    /deeper/,
  ],
  [
    'deep-list.yaml',
    `content: a\nmetadata: {a: ${'['.repeat(5000)}${']'.repeat(5000)}}\n`,
    'PROMPT_INVALID',
    /deeper/,
  ],
  ['deep-json.json', json('['.repeat(5000) + ']'.repeat(5000)), 'PROMPT_INVALID', /deeper/],
  [
    'deep-template.yaml',
    `content: "${'{{#a}}'.repeat(5000)}${'{{/a}}'.repeat(5000)}"\n`,
    'PROMPT_INVALID',
    /nested/,
  ],
  ['key.yaml', 'content: a\nmetadata:\n  ? [a]\n  : 1\n', 'PROMPT_INVALID', /:3:5: a key must be text/],
  ['number-key.yaml', 'content: a\nmetadata: {1: 2}\n', 'PROMPT_INVALID', /the key 1 must be text/],
  ['function.yaml', 'content: !!js/function "x"\n', 'PROMPT_INVALID', /not supported/],
  ['list.yaml', '- a\n', 'PROMPT_INVALID', /must be a mapping/],
  ['empty.yaml', '', 'PROMPT_INVALID', /not empty/],
  ['two.yaml', 'content: a\n---\ncontent: b\n', 'PROMPT_INVALID', /second YAML document/],
  ['torn.json', '{"content":', 'PROMPT_INVALID', /:1:12: the file ends/],
  ['delimiters.yaml', 'content: "{{=<% %>=}}"\n', 'PROMPT_INVALID', /cannot be changed/],
  ['outside.yaml', 'content: "{{> ../x}}"\n', 'PROMPT_INVALID', /names no prompt/],
  [
    'lfs.yaml',
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 1\n`,
    'FILE_LFS',
    /lfs/,
  ],
  ['twice.json', '{"content":"a"}', 'NAME_CLASH', /git rm FILE/],
  ['Con.yaml', 'content: a\n', 'NAME_INVALID', /letters/],
];

/** What a person types as a reference; the commands that take one must refuse it alike. */
const references: readonly (readonly [ref: string, codes: RegExp, words: RegExp])[] = [
  ['../x', /FILE_OUTSIDE/, /\.\.\/x/],
  ['./prompts', /FILE_NO_PROMPT/, /is no prompt/],
  ['prompts/x.test.yaml', /FILE_NO_PROMPT/, /is no prompt/],
  ['/etc/hosts.yaml', /FILE_OUTSIDE/, /outside the prompts directory/],
  ['prompts/../../x.yaml', /FILE_OUTSIDE/, /outside/],
  ['..\\x.yaml', /FILE_OUTSIDE/, /outside/],
  ['a\\b', /NAME_INVALID/, /is not allowed/],
  ['a/../b', /NAME_INVALID/, /begins with a letter or digit/],
  ['a/.git/b', /NAME_INVALID/, /begins with a letter or digit/],
  ['__proto__', /NAME_INVALID/, /__proto__/],
  ['constructor', /PROMPT_NOT_FOUND/, /constructor/],
  ['x.lock', /NAME_INVALID/, /git keeps for itself/],
  ['nul', /NAME_INVALID/, /device on Windows/],
  ['com1.x', /NAME_INVALID/, /device on Windows/],
  ['1.0.0', /NAME_INVALID/, /looks like a version/],
  ['GREET', /NAME_INVALID/, /not allowed/],
  ['x'.repeat(101), /NAME_INVALID/, /101 characters/],
  ['\u{1f600}', /NAME_INVALID/, /not allowed/],
  ['greeet', /PROMPT_NOT_FOUND/, /Did you mean greet\?$/],
  ['triage', /PROMPT_NOT_FOUND/, /Did you mean support\/triage\?$/],
  ['greet@9.9.9', /VERSION_NOT_FOUND/, /Did you mean 1\.0\.0\?$/],
  ['greet@lates', /VERSION_NOT_FOUND/, /Did you mean latest\?$/],
  ['greet@^4', /VERSION_NOT_FOUND/, /Did you mean 1\.0\.0\?$/],
  ['greet@constructor', /VERSION_NOT_FOUND/, /has no version constructor\.$/],
  ['greet@__proto__', /VERSION_NOT_FOUND/, /has no version __proto__\.$/],
  ['greet@', /REF_INVALID/, /selector is empty/],
  ['greet@--upload-pack=x', /REF_INVALID/, /--upload-pack=x/],
  ['greet@1.0.0+build', /REF_INVALID/, /is no version/],
  ['greet@{upstream}', /REF_INVALID/, /is no version/],
  ['greet@git:--help', /REF_INVALID/, /cannot begin with "-"/],
  ['greet@git:^HEAD', /REF_INVALID/, /cannot begin with "\^"/],
  ['greet@git:HEAD:prompts/greet.yaml', /REF_INVALID/, /names one commit/],
  ['greet@git:HEAD..HEAD', /REF_INVALID/, /names one commit/],
  ['greet@git:HEAD\nHEAD', /REF_INVALID/, /control character/],
  ['greet@git:nowhere', /REVISION_NOT_FOUND/, /nowhere/],
  ['greet@\u001b[31m', /REF_INVALID/, /\\u001b\[31m/],
];

const readers: readonly (readonly string[])[] = [['show'], ['diff'], ['render'], ['restore', '--force']];

beforeAll(async () => {
  repo = createTempRepo({
    files: { 'prompts/greet.yaml': good, 'prompts/support/triage.yaml': 'content: Sort it\n' },
  });
  expect((await repo.promptv(['save', 'greet', 'support/triage'])).exitCode).toBe(0);
  for (const [path, text] of documents) repo.write(`prompts/${path}`, text);
  repo.write('prompts/twice.yaml', 'content: a\n');
  repo.write('note.txt', 'a text of the user');
  repo.git('add', 'note.txt');
  before = snapshot(repo);
});

afterAll(() => repo.remove());

const nameOf = (path: string): string => path.replace(/\.\w+$/, '');

describe('a document that cannot be a prompt is refused with its place', () => {
  const commands = [
    (path: string) => ['save', nameOf(path)],
    (path: string) => ['show', `prompts/${path}@working`],
    (path: string) => ['render', `${nameOf(path)}@working`],
    (path: string) => ['diff', 'greet@working', `${nameOf(path)}@working`],
  ];
  const runs = documents.flatMap(([path, , code, hint], index) =>
    // Each of the four commands meets every fourth document, and `save` all.
    [...new Set([0, index % 4])].flatMap((at) => {
      const args = commands[at]?.(path) ?? [];
      return path === 'Con.yaml' && at !== 0 ? [] : [{ line: args.join(' '), args, code, hint }];
    }),
  );

  it.concurrent.each(runs)('promptv $line: $code', async ({ args, code, hint }) => {
    const error = await refusalOf(...args.map((word) => (word === 'Con' ? 'prompts/Con.yaml' : word)));
    expect(error.code).toBe(code);
    expect(error.hint).toMatch(hint);
  });

  it('every problem of a document is in the details, each with line and column', async () => {
    const { message, details } = await refusalOf('save', 'types');
    expect(message).toContain('3 errors');
    expect(details?.problems).toHaveLength(3);
    for (const problem of [].concat(details?.problems as never))
      expect(problem).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
  });

  it('a sweep stops before anything changes', async () => {
    expect((await refusalOf('save')).code).toMatch(/PROMPT_INVALID|FILE_|NAME_/);
    expect(snapshot(repo)).toEqual(before);
  });
});

describe('a reference that names nothing is refused before anything is read or written', () => {
  const runs = references.flatMap(([ref, codes, words], index) => {
    const [reader = []] = readers.slice(index % readers.length);
    const forSelector: (readonly string[])[] = [['new', 'fresh', '--from', ref]];
    const forName: (readonly string[])[] = [
      ['save', ref],
      ['rename', ref, 'fresh'],
      ['log', ref],
    ];
    const extra = ref.includes('@') ? forSelector : forName;
    return [[...reader, ref], ...extra].map((args) => ({ line: args.join(' '), args, codes, words }));
  });

  it.concurrent.each(runs)('promptv $line', async ({ args, codes, words }) => {
    const { code, message, hint } = await refusalOf(...args);
    expect(code).toMatch(codes);
    expect(message).toMatch(words);
    expect(hint).not.toBe('');
  });

  const targets = references.map(([ref]) => ref).filter((ref) => !/^(constructor|greeet|triage)$/.test(ref));

  it.concurrent.each(targets)('nor is a new or renamed prompt called %s', async (name) => {
    expect((await refusalOf('rename', 'support/triage', name)).code).toMatch(
      /NAME_INVALID|VERSION_UNEXPECTED|FILE_OUTSIDE|FILE_NO_PROMPT/,
    );
  });

  it.concurrent.each([
    'greet',
    'greet@working',
    'greet@1.0',
    'greet@9.9.9',
    '../greet@1.0.0',
  ])('unsave takes no %s', async (ref) => {
    expect((await refusalOf('unsave', ref)).code).toMatch(/REF_INVALID|VERSION_NOT_FOUND|FILE_OUTSIDE/);
  });

  it('and nothing changed', () => {
    expect(snapshot(repo)).toEqual(before);
  });
});

describe('a value that does not fit is refused', () => {
  const cases: readonly (readonly [args: readonly string[], code: string, words: RegExp])[] = [
    [['render', 'greet'], 'VARIABLES_INVALID', /"who" is missing/],
    [['render', 'greet', '--var', 'who=a', '--var', 'whom=b'], 'VARIABLES_INVALID', /whom/],
    [['render', 'greet', '--var', 'who=a', '--var', 'n=1.5'], 'VARIABLES_INVALID', /n/],
    [['render', 'greet', '--var', 'who=a', '--var', 'n=9007199254740993'], 'VARIABLES_INVALID', /n/],
    [['render', 'greet', '--var', 'who=a', '--var', 'n=Infinity'], 'VARIABLES_INVALID', /n/],
    [['render', 'greet', '--var', 'who'], 'USAGE', /has no "="/],
    [['render', 'greet', '--var', '=a'], 'USAGE', /before its "="/],
    [['render', 'greet', '--var', 'who=a', '--var', 'who=b'], 'USAGE', /given twice/],
    [['render', 'greet', '--var', '__proto__=a'], 'USAGE', /__proto__/],
    [['render', 'greet', '--var', 'who=a', '--var', 'constructor=a'], 'VARIABLES_INVALID', /constructor/],
    [['render', 'greet', '--vars', 'nowhere.yaml'], 'FILE_NOT_FOUND', /nowhere/],
    [['render', 'greet', '--vars', 'prompts/list.yaml'], 'VARIABLES_FILE_INVALID', /list/],
    [['save', 'greet', '--meta', '__proto__=a'], 'META_INVALID', /__proto__/],
    [['save', 'greet', '--meta', 'a b=c'], 'META_INVALID', /cannot be a key/],
    [['save', 'greet', '--meta', 'a:\nb=c'], 'META_INVALID', /cannot be a key/],
    [['save', 'greet', '--meta', 'a=1', '--meta', 'a=2'], 'META_INVALID', /given twice/],
    [['save', 'greet', '-m', 'a\n-----BEGIN SSH SIGNATURE-----\nb'], 'MESSAGE_INVALID', /signature/],
    [['save', 'greet', '-m', 'a\u001b[31mb'], 'MESSAGE_INVALID', /control character/],
    [['save', 'greet', '--author', 'nobody'], 'AUTHOR_INVALID', /nobody/],
    [['save', 'greet', '--author', '--help'], 'AUTHOR_INVALID', /--help/],
    [['save', 'greet', '--set-version', '1.0'], 'VERSION_INVALID', /1\.0/],
    [['save', 'greet', '--set-version', '1.0.0'], 'VERSION_INVALID', /1\.0\.0/],
    [['save', 'greet', '--set-version', '2.0.0+b'], 'VERSION_INVALID', /2\.0\.0/],
    [['save', 'greet', '--bump', 'prerelease', '--preid', '../x'], 'VERSION_INVALID', /\.\.\/x/],
    [['save', 'greet', '--set-version', '2.0.0', '--bump', 'major'], 'USAGE', /cannot be used/],
    [['save', '--set-version', '2.0.0'], 'USAGE', /exactly one prompt/],
    [['log', 'greet', '-n', '0'], 'USAGE', /whole number/],
    [['log', 'greet', '1.0.0..x'], 'VERSION_NOT_FOUND', /x/],
    [['log', 'greet', '1.0.0..1.0.9'], 'VERSION_NOT_FOUND', /no version 1\.0\.9\. Did you mean 1\.0\.0/],
    [['log', 'greet', '1.0.0'], 'RANGE_INVALID', /FROM\.\.TO/],
    [['diff', 'a', 'b', 'c', 'd'], 'USAGE', /at most three/],
    [['new', 'greet'], 'NAME_EXISTS', /exists already/],
    [['rename', 'greet', 'support/triage'], 'NAME_EXISTS', /exists already/],
    [['rename', 'greet', 'fresh', '--author', 'nobody'], 'AUTHOR_INVALID', /nobody/],
    [['--config', 'nowhere.yaml', 'list'], 'CONFIG_NOT_FOUND', /nowhere/],
    [['-C', 'nowhere', 'list'], 'FOLDER_NOT_FOUND', /nowhere/],
    [['bundle', '-o', 'no/such/b.json'], 'FOLDER_NOT_FOUND', /no\/such/],
    [['bundle', '-o', 'no/such/b.json', '--dry-run'], 'FOLDER_NOT_FOUND', /no\/such/],
    [['export', '--format', 'flagd', '--env', 'staging', '-o', 'no/b.json'], 'FOLDER_NOT_FOUND', /no/],
    [['promote', 'greet@working', '--env', 'staging'], 'REF_UNSAVED', /greet@working/],
    [['promote', 'greet', '--env', 'staging', '--reason', 'a\u001bb'], 'MESSAGE_INVALID', /The reason/],
    [['rollback', 'greet@1.0.0', '--env', 'staging'], 'VERSION_UNEXPECTED', /greet@1\.0\.0/],
    [['get', 'greet@latest', '--env', 'staging'], 'VERSION_UNEXPECTED', /greet@latest/],
    [['status', '--porcelain'], 'USAGE', /--porcelain/],
    [['test', 'support/triage'], 'TESTS_INVALID', /2 problems/],
  ];

  beforeAll(() => {
    repo.write('prompts/greet.yaml', good.replace('Hello', 'Good day'));
    const assertions = '[{contains: Sort, __proto__: {}}, {contains: it, ends-with: it}]';
    repo.write('prompts/support/triage.test.yaml', `- assert: ${assertions}\n`);
    before = snapshot(repo);
  });

  const runs = cases.map(([args, code, words]) => ({ line: JSON.stringify(args), args, code, words }));
  it.concurrent.each(runs)('$code: $line', async ({ args, code, words }) => {
    const error = await refusalOf(...args);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(error.hint).not.toBe('');
  });

  it('and nothing changed', () => {
    expect(snapshot(repo)).toEqual(before);
  });
});

describe('broken files stand aside', () => {
  it('status and list show them as invalid and end well', async () => {
    const run = await repo.promptv(['status', '--json']);
    expect(run.exitCode).toBe(0);
    const { prompts } = run.json<{ prompts: { prompt: string; state: string }[] }>();
    const states = new Map(prompts.map(({ prompt, state }) => [prompt, state]));
    expect(states.get('bomb')).toBe('invalid');
    expect(states.get('deep-json')).toBe('invalid');
    expect(states.get('greet')).toBe('modified');
    expect((await repo.promptv(['list'])).exitCode).toBe(0);
  });

  it('a prompt may be called after what every object has', async () => {
    repo.write('prompts/constructor.yaml', 'content: "{{toString}}"\n');
    expect((await repo.promptv(['save', 'constructor'])).exitCode).toBe(0);
    const run = await repo.promptv(['render', 'constructor', '--json']);
    expect(run.error().message).toContain('"toString"');
    const filled = await repo.promptv(['render', 'constructor', '--var', 'toString=x']);
    expect(filled.stdout).toBe('x\n');
  });
});

import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../../src/core/config/default-config.ts';
import { parseDurationMs } from '../../../../src/core/config/duration.ts';
import { resolveConfig } from '../../../../src/core/config/resolve-config.ts';
import { parseTagName } from '../../../../src/core/version/tag-name.ts';

const messagesOf = (value: unknown): string[] => resolveConfig(value).problems.map(({ message }) => message);

describe('resolveConfig', () => {
  it.each([[{}], [undefined], [null]])('gives the defaults for %j', (value) => {
    const { config, problems, origins } = resolveConfig(value);
    expect(problems).toEqual([]);
    expect(config).toEqual(defaultConfig);
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
  });

  it('keeps what is given and fills in the rest, in groups and in list entries', () => {
    const { config, problems } = resolveConfig({
      bump: { branches: { main: 'patch', 'feature/*': 'minor' } },
      push: { auto: 'ci' },
      environments: [{ name: 'dev' }, { name: 'live', from: 'dev', approvals: [{ name: 'qa' }], sla: '2m' }],
    });
    expect(problems).toEqual([]);
    expect(config).toMatchObject({
      bump: { branches: { main: 'patch', 'feature/*': 'minor' }, strict: false, preid: 'rc' },
      push: { auto: 'ci', remote: 'origin' },
      environments: [
        { name: 'dev', from: null, sla: '30s' },
        { name: 'live', from: 'dev', approvals: [{ name: 'qa', approvers: [], required: 1 }], sla: '2m' },
      ],
      tagPrefix: 'prompts',
    });
  });

  it('takes a freeze without periods', () => {
    const { config, problems } = resolveConfig({
      environments: [
        { name: 'dev', freeze: false },
        { name: 'live', freeze: true },
      ],
    });
    expect(problems).toEqual([]);
    expect(config?.environments.map(({ freeze }) => freeze)).toEqual([
      [],
      [{ from: '1970-01-01', until: null, reason: null }],
    ]);
  });

  it('tells for every key whether the file has it', () => {
    const { origins } = resolveConfig({
      push: { remote: 'origin' },
      state: {},
      environments: [{ name: 'live' }],
    });
    expect(origins['push.remote']).toBe('file');
    expect(origins['push.auto']).toBe('default');
    expect(origins['state.branch']).toBe('default');
    expect(origins.environments).toBe('file');
    expect(origins['network.breaker.failures']).toBe('default');
    expect(Object.keys(origins).slice(0, 4)).toEqual([
      'prompts.dir',
      'prompts.include',
      'prompts.exclude',
      'tagPrefix',
    ]);
  });

  it.each<[unknown, string]>([
    ['text', 'The configuration must be a mapping, not "text"'],
    [[], 'The configuration must be a mapping, not a list'],
    [{ tagprefix: 'x' }, 'tagprefix is no key; did you mean "tagPrefix"?'],
    [{ bump: { brnaches: {} } }, 'bump.brnaches is no key; did you mean "branches"?'],
    [
      { environments: [{ name: 'a', autoaprove: true }] },
      'environments[0].autoaprove is no key; did you mean "autoApprove"?',
    ],
    [{ colour: 'red' }, 'colour is no key'],
    [{ toString: 1 }, 'toString is no key'],
    [JSON.parse('{"__proto__": 1}'), '__proto__ is no key'],
    [
      { metrics: { directions: JSON.parse('{"__proto__": "higher"}') } },
      'metrics.directions.__proto__ cannot be a key',
    ],
    [
      { metrics: { directions: { constructor: 'higher' } } },
      'metrics.directions.constructor cannot be a key',
    ],
    [{ '\u001b[2J': 1 }, '\\u001b[2J is no key'],
    [{ requireMessage: 'yes' }, 'requireMessage must be true or false, not "yes"'],
    [{ prompts: null }, 'prompts must be a mapping, not nothing'],
    [{ prompts: ['x'] }, 'prompts must be a mapping, not a list'],
    [{ prompts: { include: '**' } }, 'prompts.include must be a list, not "**"'],
    [{ prompts: { include: [1] } }, 'prompts.include[0] must be a text, not 1'],
    [{ prompts: { include: [''] } }, 'prompts.include[0] must not be empty'],
    [
      { bump: { branches: { main: 'big' } } },
      'bump.branches.main must be "major" or "minor" or "patch" or "prerelease" or "auto", not "big"',
    ],
    [{ push: { auto: 'always' } }, 'push.auto must be true, false or "ci"'],
    [{ push: { remote: 'https://u:p@host/r' } }, 'push.remote must be the name of a remote, not its address'],
    [{ push: { remote: '--upload-pack=x' } }, 'push.remote must be the name of a remote, not its address'],
    [{ state: { branch: '-x' } }, 'state.branch must be the name of a branch'],
    [{ environments: [] }, 'environments must have at least one environment'],
    [{ environments: [{}] }, 'environments[0].name is missing'],
    [
      { environments: [{ name: 'latest' }] },
      'environments[0].name is no name: "latest" is a selector of versions',
    ],
    [
      { environments: [{ name: '1.0.0' }] },
      'environments[0].name is no name: "1.0.0" reads as a version or a range',
    ],
    [{ environments: [{ name: 'a' }, { name: 'a' }] }, 'environments[1].name "a" is there twice'],
    [
      { environments: [{ name: 'a', from: 'a' }] },
      'environments[0].from "a" must be an environment listed earlier',
    ],
    [
      { environments: [{ name: 'a', approvals: [{ name: 's' }, { name: 's' }] }] },
      'environments[0].approvals[1].name "s" is there twice',
    ],
    [
      { environments: [{ name: 'a', approvals: [{ name: 's', required: 0 }] }] },
      'environments[0].approvals[0].required must be at least 1',
    ],
    [
      { environments: [{ name: 'a', approvals: [{ name: 's', required: 2, approvers: ['x'] }] }] },
      'environments[0].approvals[0].required must not be more than the 1 approvers of the stage',
    ],
    [
      { environments: [{ name: 'a', freeze: [{ from: '2026-13-01' }] }] },
      'environments[0].freeze[0].from must be a day that exists',
    ],
    [
      { environments: [{ name: 'a', freeze: 'yes' }] },
      'environments[0].freeze must be true, false or a list of periods',
    ],
    [
      { environments: [{ name: 'a', freeze: [{ from: '2026-01-01', untli: null }] }] },
      'environments[0].freeze[0].untli is no key; did you mean "until"?',
    ],
    [{ environments: [{ name: 'a', freeze: [{}] }] }, 'environments[0].freeze[0].from is missing'],
    [
      { environments: [{ name: 'a', requires: ['lnit'] }] },
      'environments[0].requires[0] "lnit" is no check; did you mean "lint"? (checks that exist: lint, tests, alerts, regression)',
    ],
    [
      { environments: [{ name: 'a', requires: ['test'] }] },
      'environments[0].requires[0] "test" is no check; did you mean "tests"? (checks that exist: lint, tests, alerts, regression)',
    ],
    [
      { environments: [{ name: 'a', freeze: [{ from: '2026-01-02', until: '2026-01-01' }] }] },
      'environments[0].freeze[0].until must be later than "from"',
    ],
    [
      { environments: [{ name: 'a', sla: '30 seconds' }] },
      'environments[0].sla must be a duration such as 500ms, 30s, 15m, 2h, 7d or 2w',
    ],
    [{ metrics: { mask: ['('] } }, 'metrics.mask[0] must be a regular expression of JavaScript'],
    [{ metrics: { writer: '../x' } }, 'metrics.writer must have letters, digits, "-" and "_" only'],
    [
      { metrics: { budgets: { latencyMs: { max: Number.POSITIVE_INFINITY } } } },
      'metrics.budgets.latencyMs.max must be finite',
    ],
    [{ prices: { m: { inputUsdPerMillionTokens: 1 } } }, 'prices.m.outputUsdPerMillionTokens is missing'],
    [{ network: { retries: 1.5 } }, 'network.retries must be a whole number'],
    [{ commit: { subject: 'a\nb' } }, 'commit.subject must be one line without control characters'],
    [{ bump: { preid: '1' } }, 'bump.preid must have letters, digits and "-" only, and not be a number'],
  ])('says of %j what is wrong', (value, message) => {
    const { config, problems } = resolveConfig(value);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
    expect(config).toBeNull();
  });

  it('reports all problems at once, each with its path', () => {
    const { problems } = resolveConfig({ tagPrefx: 'x', bmp: {}, push: { auto: 3, remte: 'x' } });
    expect(problems.map(({ path }) => path)).toEqual([
      ['tagPrefx'],
      ['bmp'],
      ['push', 'remte'],
      ['push', 'auto'],
    ]);
  });

  it.each([
    'prompts',
    'team-a/prompts',
    'a.b',
    'A_1',
  ])('takes the tag prefix %s, which tags can carry', (tagPrefix) => {
    expect(messagesOf({ tagPrefix })).toEqual([]);
    expect(parseTagName(tagPrefix, `${tagPrefix}/x@1.0.0`)).toEqual({ name: 'x', version: '1.0.0' });
  });

  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    '../a',
    'a..b',
    '.a',
    'a.lock',
    'a.lock/b',
    'a@b',
    'a b',
    'a~1',
    'a:b',
    '-a',
    'a\n',
    'x'.repeat(101),
  ])('refuses the tag prefix %j', (tagPrefix) => {
    expect(messagesOf({ tagPrefix })[0]).toMatch(/^tagPrefix must /);
  });

  it.each(['prompts', '.', 'a/b', 'my prompts', 'prömpts', '.hidden'])('takes the directory %s', (dir) => {
    expect(messagesOf({ prompts: { dir } })).toEqual([]);
  });

  it.each([
    '',
    '/a',
    '..',
    'a/../b',
    './a',
    'a/',
    'a//b',
    'C:/a',
    'a\\b',
    '.git',
    '.git/x',
    'a\0',
  ])('refuses the directory %j', (dir) => {
    expect(messagesOf({ prompts: { dir } })[0]).toMatch(/^prompts\.dir must be a path below the workspace/);
  });

  it.each(['main', 'state/prompts', 'promptv-state', 'ä'])('takes the state branch %s', (branch) => {
    expect(messagesOf({ state: { branch } })).toEqual([]);
  });

  it.each([
    '',
    '-b',
    '/b',
    'a..b',
    'a//b',
    'a/.b',
    'a@{1}',
    'a.lock',
    'a/',
    'a.',
    'a b',
    'a:b',
    'a\\b',
    'a\n',
  ])('refuses the state branch %j', (branch) => {
    expect(messagesOf({ state: { branch } })).toEqual(['state.branch must be the name of a branch']);
  });
});

it('defaultConfig cannot be changed', () => {
  expect(Object.isFrozen(defaultConfig)).toBe(true);
  expect(Object.isFrozen(defaultConfig.environments[0]?.test)).toBe(true);
});

it.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
])('%s are %i ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

it.each(['', '5', 's', '1.5s', '-1s', '1 s', '1y', '1ss'])('%j is no duration', (text) => {
  expect(() => parseDurationMs(text)).toThrow(TypeError);
});

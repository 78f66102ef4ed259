import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { parse as parseJunit } from 'junit2json';
import { describe, expect, it } from 'vitest';
import {
  type CaseOutcome,
  type CheckProblem,
  type CheckReport,
  createCheckReport,
} from '../../../../src/core/checks/report.ts';
import { formatMarkdown } from '../../../../src/report/checks/markdown.ts';
import { reporterNames } from '../../../../src/report/checks/reporter-names.ts';
import { formatCheckReport, type ReporterName } from '../../../../src/report/checks/reporters.ts';
import { findTool } from '../../../helpers/tools.ts';

const display = { color: false, columns: 80, now: new Date(0) };

const problem = (changes: Partial<CheckProblem> = {}): CheckProblem => ({
  ruleId: 'undeclared-variable',
  severity: 'error',
  message: '"tikcet" is used and not declared',
  file: 'prompts/support/triage.yaml',
  line: 3,
  column: 5,
  endLine: 3,
  endColumn: 11,
  ...changes,
});

const reportOf = (
  problems: readonly CheckProblem[],
  { outcome = 'failed', name = 'support/triage' }: { outcome?: CaseOutcome; name?: string } = {},
): CheckReport =>
  createCheckReport({
    check: 'lint',
    suites: [
      {
        name,
        file: problems[0]?.file ?? null,
        cases: [{ name, outcome, durationMs: 1.5, problems }],
      },
    ],
    rules: [{ id: 'undeclared-variable', summary: 'A variable is used and not declared.' }],
    durationMs: 12,
  });

const empty = createCheckReport({ check: 'lint', suites: [], rules: [], durationMs: 0 });

const hostileText =
  '\u001b[2J\u001b[1;1H]]><script>\n::set-output name=x::y\r::error::forged\n##[error]forged \u202e \ud800 \u0000 %0A';
const hostile = reportOf(
  [
    problem({ message: hostileText, file: `prompts/${hostileText}.yaml` }),
    problem({ message: `${'x'.repeat(1_000_000)}` }),
  ],
  { name: hostileText },
);
const outputs = reporterNames.filter((name): name is ReporterName => name !== 'json');
const format = (report: CheckReport, name: ReporterName): string => formatCheckReport(report, display, name);

describe('every reporter', () => {
  it.each([
    ['github', 'file=app/prompts/a.yaml,'],
    ['gitlab', '"path": "app/prompts/a.yaml"'],
    ['sarif', '"uri": "app/prompts/a.yaml"'],
    ['junit', 'file="app/prompts/a.yaml"'],
    ['markdown', 'app/prompts/a.yaml&#58;3'],
  ] as const)('%s names files as its reader looks for them, also below the top folder', (name, file) => {
    const report = { ...reportOf([problem({ file: 'prompts/a.yaml' })]), prefix: 'app/' };
    expect(format(report, name)).toContain(file);
    expect(format(report, 'pretty').split('\n')[0]).toBe('prompts/a.yaml');
  });

  it.each(
    outputs,
  )('%s is safe for a terminal and for the runner of a CI, whatever a prompt holds', (name) => {
    const output = format(hostile, name);
    expect(output).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]/u);
    expect(output).not.toContain('##[');
    const commands = output.split('\n').filter((line) => line.trimStart().startsWith('::'));
    expect(commands.filter((line) => !line.startsWith('::error file='))).toEqual([]);
    expect(commands).toHaveLength(name === 'github' ? 2 : 0);
    expect(output.length).toBeLessThan(40_000);
  });
});

describe('github', () => {
  it('writes one annotation a problem, with its place', () => {
    expect(format(reportOf([problem()]), 'github')).toBe(
      '::error file=prompts/support/triage.yaml,line=3,endLine=3,col=5,endColumn=11,' +
        'title=promptv undeclared-variable::"tikcet" is used and not declared\nlint: 1 error in 1 case\n',
    );
  });

  it('escapes what the runner would read as its own', () => {
    const output = format(reportOf([problem({ file: 'a,b:c%.yaml', message: '100 %: a, b' })]), 'github');
    expect(output).toContain('file=a%2Cb%3Ac%25.yaml,');
    expect(output).toContain('::100 %25: a, b\n');
  });

  it('shows the ten worst of a kind and counts the rest', () => {
    const many = [
      ...Array.from({ length: 3 }, () => problem({ severity: 'note' })),
      ...Array.from({ length: 12 }, () => problem({ severity: 'warning' })),
      ...Array.from({ length: 15 }, () => problem()),
    ];
    const lines = format(reportOf(many), 'github').trimEnd().split('\n');
    const kinds = lines.map((line) => line.split(' ')[0]);
    expect(kinds).toEqual([
      ...Array.from({ length: 10 }, () => '::error'),
      ...Array.from({ length: 10 }, () => '::warning'),
      ...Array.from({ length: 3 }, () => '::notice'),
      'lint:',
    ]);
    expect(lines.at(-1)).toContain('15 errors, 12 warnings, 3 notes in 1 case; 7 not annotated');
  });
});

describe('junit', () => {
  const parser = new XMLParser({ ignoreAttributes: false });

  it.each([
    ['a report with problems', reportOf([problem()]), { tests: 1, failures: 1, skipped: 0 }],
    [
      'one with warnings only',
      reportOf([problem({ severity: 'warning' })], { outcome: 'passed' }),
      { tests: 1, failures: 0, skipped: 0 },
    ],
    ['one without problems', reportOf([], { outcome: 'passed' }), { tests: 1, failures: 0, skipped: 0 }],
    ['an empty one', empty, { tests: 1, failures: 0, skipped: 1 }],
    ['a hostile one', hostile, { tests: 1, failures: 1, skipped: 0 }],
  ])('of %s is read by two parsers', async (_, report, counts) => {
    const output = format(report, 'junit');
    expect(XMLValidator.validate(output)).toBe(true);
    const { testsuites } = parser.parse(output);
    expect(testsuites.testsuite.testcase).toBeDefined();
    expect(await parseJunit(output)).toMatchObject({ ...counts, testsuite: [{ ...counts, testcase: [{}] }] });
  });

  it('carries the message and the place into the failure', async () => {
    const parsed = await parseJunit(format(reportOf([problem({ message: 'a < b ]]> & "c"' })]), 'junit'));
    expect(parsed).toMatchObject({
      testsuite: [
        {
          testcase: [
            {
              name: 'support/triage',
              failure: [
                {
                  message: 'a < b ]]> & "c"',
                  type: 'undeclared-variable',
                  inner: 'prompts/support/triage.yaml:3:5 error undeclared-variable: a < b ]]> & "c"',
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('tells a case that could not run from one that failed', async () => {
    const parsed = await parseJunit(format(reportOf([problem()], { outcome: 'errored' }), 'junit'));
    expect(parsed).toMatchObject({ errors: 1, failures: 0 });
  });
});

describe('sarif', () => {
  const schemaPath = findTool('sarif-schema-2.1.0.json');

  it.skipIf(schemaPath === null).each([
    [
      'a report with problems',
      reportOf([
        problem(),
        problem({ file: null, line: null, column: null, endLine: null, endColumn: null }),
      ]),
    ],
    ['an empty one', empty],
    ['a hostile one', hostile],
  ])('of %s is valid against the schema of SARIF 2.1.0', (_, report) => {
    const ajv = new Ajv.default({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const isValid = ajv.compile(JSON.parse(readFileSync(schemaPath ?? '', 'utf8')));
    expect([isValid(JSON.parse(format(report, 'sarif'))), isValid.errors]).toEqual([true, null]);
  });

  it('names rule, place and message', () => {
    const { runs } = JSON.parse(format(reportOf([problem()]), 'sarif'));
    expect(runs[0].results).toEqual([
      expect.objectContaining({
        ruleId: runs[0].tool.driver.rules[0].id,
        ruleIndex: 0,
        level: 'error',
        message: { text: '"tikcet" is used and not declared' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'prompts/support/triage.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 11 },
            },
          },
        ],
      }),
    ]);
  });
});

describe('gitlab', () => {
  it('lists issues as the code-quality report wants them', () => {
    const issues = JSON.parse(format(reportOf([problem(), problem()]), 'gitlab'));
    expect(issues).toEqual([
      {
        description: '"tikcet" is used and not declared',
        check_name: 'undeclared-variable',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        severity: 'major',
        location: { path: 'prompts/support/triage.yaml', lines: { begin: 3 } },
      },
      expect.anything(),
    ]);
    expect(issues[0].fingerprint).not.toBe(issues[1].fingerprint);
  });

  it('keeps the fingerprint of a problem that moved', () => {
    const [before] = JSON.parse(format(reportOf([problem()]), 'gitlab'));
    const [after] = JSON.parse(format(reportOf([problem({ line: 30 })]), 'gitlab'));
    expect(after.fingerprint).toBe(before.fingerprint);
  });

  it('of nothing is an empty list', () => {
    expect(JSON.parse(format(empty, 'gitlab'))).toEqual([]);
  });
});

describe('markdown', () => {
  it('is a table that a problem cannot leave', () => {
    const rows = format(hostile, 'markdown')
      .split('\n')
      .filter((line) => line.startsWith('| error'));
    expect(rows).toHaveLength(2);
    expect(rows.map((row) => row.split('|').length)).toEqual([6, 6]);
    expect(rows.join('')).not.toMatch(/<script|@everyone|\[1;1H/);
  });

  it('stays under the limit of a step summary and says what it leaves out', () => {
    const many = Array.from({ length: 5000 }, (_, line) => problem({ line, message: 'é'.repeat(400) }));
    const output = formatMarkdown(reportOf(many), 100_000);
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(100_000);
    const rows = output.split('\n').filter((line) => line.startsWith('| error')).length;
    expect(output).toContain(`${5000 - rows} more problems not shown.`);
  });
});

describe('pretty', () => {
  it('groups problems by file on a terminal', () => {
    expect(
      format(reportOf([problem(), problem({ severity: 'warning', ruleId: 'x', line: 14 })]), 'pretty'),
    ).toBe(
      [
        'prompts/support/triage.yaml',
        '    3:5   error    "tikcet" is used and not declared  undeclared-variable',
        '    14:5  warning  "tikcet" is used and not declared  x',
        '',
        '1 error, 1 warning; 1 prompt checked.',
      ].join('\n'),
    );
  });

  it('goes on in the next line where a message is wider than the terminal', () => {
    const output = formatCheckReport(
      reportOf([problem({ message: `${'word '.repeat(12)}(did you mean "ticket"?)` })]),
      display,
    );
    expect(output.replace(/\s+/g, ' ')).toContain('(did you mean "ticket"?)');
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('prints a row a problem into a pipe', () => {
    expect(formatCheckReport(reportOf([problem()]), { ...display, columns: null })).toBe(
      'prompts/support/triage.yaml:3:5\terror\tundeclared-variable\t"tikcet" is used and not declared',
    );
  });

  it('lists every case of a test', () => {
    const report = createCheckReport({
      check: 'test',
      rules: [],
      durationMs: 3,
      suites: [
        {
          name: 'support/triage',
          file: 'prompts/support/triage.test.yaml',
          cases: [
            { name: 'greets', outcome: 'passed', durationMs: 2, problems: [] },
            {
              name: 'refuses',
              outcome: 'failed',
              durationMs: 3,
              problems: [problem({ ruleId: 'contains', message: 'refuses: it has no "no"' })],
            },
          ],
        },
      ],
    });
    const output = format(report, 'pretty');
    expect(output).toContain('support/triage  prompts/support/triage.test.yaml');
    expect(output).toContain('✓ greets 2 ms');
    expect(output).toContain('✗ refuses 3 ms\n    3:5  error  it has no "no"');
    expect(format(report, 'junit')).toContain('message="it has no');
    expect(output).toContain('1 passed, 1 failed');
  });
});

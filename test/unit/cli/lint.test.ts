import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { lintCommand } from '../../../src/cli/commands/lint.ts';
import { testCommand } from '../../../src/cli/commands/test.ts';
import type { Context } from '../../../src/cli/context.ts';
import { type CheckProblem, createCheckReport } from '../../../src/core/checks/report.ts';
import { promptvError } from '../../../src/errors.ts';
import type { LintRequest, LintResult } from '../../../src/operations/lint.ts';
import { reporterNames } from '../../../src/report/checks/reporter-names.ts';
import { createFakeRun, createTestContext, createTestIo, parse } from './testing.ts';

const problem: CheckProblem = {
  ruleId: 'missing-description',
  severity: 'warning',
  message: 'there is no "description"',
  file: 'prompts/a.yaml',
  ...{ line: 1, column: 1, endLine: null, endColumn: null },
};
const result: LintResult = {
  ...createCheckReport({
    check: 'lint',
    suites: [
      {
        name: 'a',
        file: 'prompts/a.yaml',
        cases: [{ name: 'a', outcome: 'passed', durationMs: null, problems: [problem] }],
      },
    ],
    rules: [],
    durationMs: 1,
  }),
  passed: false,
  fixed: [],
  fixable: [],
  dryRun: false,
  warnings: [],
};

const runLint = async (...args: string[]) => {
  const io = createTestIo();
  const context = createTestContext(io);
  const fake = createFakeRun<LintRequest, LintResult>(result);
  await parse(lintCommand(context, fake.run), args);
  return { io, exitCode: context.exitCode, requests: fake.requests };
};

describe('lint REF', () => {
  it('hands every reference on as it was typed', async () => {
    const { requests } = await runLint('a', 'b@1.0.0', 'c@git:HEAD~1');
    expect(requests).toMatchObject([{ refs: ['a', 'b@1.0.0', 'c@git:HEAD~1'] }]);
  });
});

describe('lint --max-warnings', () => {
  it('says why it ends with 3 where nothing but warnings was found', async () => {
    const { io, exitCode, requests } = await runLint('--max-warnings', '0');
    expect(requests).toMatchObject([{ maxWarnings: 0 }]);
    expect(exitCode).toBe(3);
    expect(io.err()).toContain('1 warning: more than --max-warnings 0 allows.\n');
  });

  it.each(['-1', '1.5', 'x', ''])('refuses %j and says what it takes', async (value) => {
    await expect(runLint('--max-warnings', value)).rejects.toThrow('Give a whole number from 0.');
  });
});

describe('a check that could not be run', () => {
  const broken = async (): Promise<never> => {
    throw promptvError('USAGE', { message: 'There is no a<b.', hint: 'Type "c".' });
  };
  const commands = [
    ['lint', (context: Context) => lintCommand(context, broken)],
    ['test', (context: Context) => testCommand(context, broken)],
  ] as const;
  const outOf = async (make: (context: Context) => Command, words: readonly string[], json = false) => {
    const io = createTestIo();
    const done = parse(make({ ...createTestContext(io), json }), words);
    await expect(done).rejects.toMatchObject({ code: 'USAGE' });
    return io.out();
  };

  it.each(commands)('leaves a report of JUnit that says so: %s', async (check, make) => {
    expect(await outOf(make, ['--reporter', 'junit'])).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites name="promptv ${check}" tests="1" failures="0" errors="1" skipped="0" time="0.000">`,
        '  <testsuite name="promptv" tests="1" failures="0" errors="1" skipped="0" time="0.000">',
        `    <testcase name="${check} could not be run" classname="${check}.promptv" time="0.000">`,
        '      <error message="There is no a&lt;b. Type &quot;c&quot;." type="USAGE">error USAGE: There is no a&lt;b. Type &quot;c&quot;.</error>',
        '    </testcase>',
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    );
  });

  it.each(commands)('prints nothing by the other reporters, nor with --json: %s', async (_, make) => {
    for (const reporter of reporterNames.filter((name) => name !== 'junit'))
      expect(await outOf(make, ['--reporter', reporter])).toBe('');
    expect(await outOf(make, ['--reporter', 'junit'], true)).toBe('');
  });
});

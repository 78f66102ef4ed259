import { describe, expect, it } from 'vitest';
import { lintCommand } from '../../../src/cli/commands/lint.ts';
import { type CheckProblem, createCheckReport } from '../../../src/core/checks/report.ts';
import type { LintRequest, LintResult } from '../../../src/operations/lint.ts';
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

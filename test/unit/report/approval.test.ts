import { describe, expect, it } from 'vitest';
import type { StageStatus } from '../../../src/core/approval/stage.ts';
import type { AuditEntry } from '../../../src/core/audit.ts';
import { formatAnnotate } from '../../../src/report/annotate.ts';
import { formatDecide, formatSubmit } from '../../../src/report/approval/change.ts';
import { formatPending } from '../../../src/report/approval/pending.ts';
import { formatApprovalStatus } from '../../../src/report/approval/status.ts';
import { formatAudit, formatAuditCsv } from '../../../src/report/audit.ts';
import { pipe, plain } from './results.ts';

const stage: StageStatus = {
  stage: 'review',
  required: 2,
  approvals: [
    {
      by: 'Ada <ada@x.org>',
      decision: 'approve',
      at: '2026-01-01T00:00:00.000Z',
      comment: 'Fine.\nSigned-off-by: \u001b[2JEve',
      signature: 'unsigned',
      counts: true,
      ignored: null,
    },
    {
      by: 'Eve <eve@x.org>',
      decision: 'approve',
      at: '2026-01-01T00:00:00.000Z',
      comment: null,
      signature: 'other',
      counts: false,
      ignored: "its commit is not signed by the approver's own key",
    },
  ],
  state: 'pending',
  requestedAt: '2026-01-01T00:00:00.000Z',
  requestedBy: 'Sam <sam@x.org>',
  durationMs: 90_000_000,
  overdue: true,
  detail: 'promptv approval approve greet@1.0.0 --env production --stage review',
};

const changed = {
  prompt: 'greet',
  version: '1.0.0',
  environment: 'production',
  contentHash: 'sha256:x',
  stages: [stage],
  unchanged: false,
  dryRun: false,
  warnings: [],
  commit: 'abcdef0123',
  pushed: false,
  pushCommand: null,
};

const status = { ...changed, stages: [{ environment: 'production', ...stage }] };

describe('the stages', () => {
  it('show state, count, time, every decision with its comment and why it does not count', () => {
    const text = formatApprovalStatus(status, plain);
    expect(text).toContain('greet 1.0.0 in production');
    expect(text).toMatch(/review +overdue +1 of 2 +1 d/);
    expect(text).toContain('✓ Ada <ada@x.org> approved review');
    expect(text).toContain('      Fine.\n      Signed-off-by: \\x1b[2JEve');
    expect(text).toContain('· Eve <eve@x.org> approved review');
    expect(text).toContain("does not count: its commit is not signed by the approver's own key");
    expect(text).toContain(`Next:\n  ${stage.detail}`);
  });

  it('are rows in a pipe', () => {
    const rows = formatApprovalStatus(status, pipe).split('\n');
    expect(rows).toHaveLength(3);
    expect(rows[1]).toBe(
      'decision\tproduction\treview\tapprove\tAda <ada@x.org>\t2026-01-01T00:00:00.000Z\tunsigned\t\tFine.\\nSigned-off-by: \\x1b[2JEve',
    );
  });

  it('say when none is configured', () => {
    expect(formatApprovalStatus({ ...status, stages: [] }, plain)).toContain('no stage of approval');
  });
});

describe('what was changed', () => {
  it('is said with the next command and where it stands', () => {
    expect(formatSubmit(changed, plain)).toMatch(/^Submitted greet 1\.0\.0 for production\n/);
    expect(formatSubmit({ ...changed, unchanged: true }, plain)).toMatch(/^Nothing to submit: greet/);
    const decided = { ...changed, stage: 'review', decision: 'reject' as const };
    expect(formatDecide(decided, plain)).toMatch(/^Rejected greet/);
    expect(formatDecide({ ...decided, dryRun: true }, plain)).toMatch(/^Would reject greet/);
    expect(formatDecide(decided, plain)).toMatch(/Commit abcdef0\.$/);
    const pushCommand = 'git push --atomic origin refs/heads/main';
    expect(formatDecide({ ...decided, pushCommand }, plain)).toMatch(
      /Commit abcdef0, only in this clone: .*--push/,
    );
  });

  it('of a remark keeps its lines, harmless', () => {
    const annotation = {
      schemaVersion: 1 as const,
      id: 'x',
      prompt: 'greet',
      version: '1.0.0',
      text: 'One\n\u001b]0;title',
      mark: 'archived' as const,
      at: '2026-01-01T00:00:00.000Z',
      by: 'A <a@x>',
    };
    const text = formatAnnotate({ ...changed, annotation }, plain);
    expect(text).toMatch(/^Marked greet 1\.0\.0 as archived:\n {2}One\n {2}\\x1b\]0;title\n/);
  });
});

describe('what waits', () => {
  it('is a table with the command that decides the first', () => {
    const stages = [{ prompt: 'greet', version: '1.0.0', environment: 'production', ...stage }];
    expect(formatPending({ stages, warnings: [] }, plain)).toMatch(
      /greet +1\.0\.0 +production +review +1 of 2 +1 d 1 h overdue[\s\S]*Decide: promptv approval approve greet@1\.0\.0/,
    );
    expect(formatPending({ stages: [], warnings: [] }, plain)).toBe('Nothing waits for a decision.');
  });

  it.each([
    [true, '\toverdue'],
    [false, '\t'],
  ])('is a row each in a pipe, with the moment of the request (overdue: %s)', (overdue, end) => {
    const stages = [{ prompt: 'greet', version: '1.0.0', environment: 'production', ...stage, overdue }];
    expect(formatPending({ stages, warnings: [] }, pipe)).toBe(
      `greet\t1.0.0\tproduction\treview\t1/2\t2026-01-01T00:00:00.000Z\tSam <sam@x.org>${end}`,
    );
  });
});

describe('the trail', () => {
  const entry: AuditEntry = {
    at: '2026-01-01T00:00:00.000Z',
    by: 'Ada <ada@x.org>',
    what: 'approve',
    prompt: 'greet',
    version: '1.0.0',
    environment: 'production',
    stage: 'review',
    why: 'a "b",\n=c',
    commit: 'abcdef0123',
    signature: 'valid',
  };
  const result = { prompt: null, entries: [entry], warnings: [] };

  it('is a table, and every field in a pipe', () => {
    expect(formatAudit(result, { ...plain, columns: 200 })).toMatch(
      /approve +greet +1\.0\.0 +production\/review +Ada +a "b", =c/,
    );
    expect(formatAudit(result, pipe).split('\t')).toHaveLength(9);
    expect(formatAudit({ ...result, entries: [] }, plain)).toBe('Nothing is recorded that matches.');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '=a,"b"'])('is CSV that no spreadsheet runs: %s', (why) => {
    const entries = result.entries.map((entry) => ({ ...entry, why }));
    const [, row] = formatAuditCsv({ ...result, entries }).split('\r\n');
    expect(row).toMatch(/production,review,"?'[=+\-@]/);
  });

  it('is CSV that quotes what it must', () => {
    expect(formatAuditCsv(result)).toBe(
      'at,by,what,prompt,version,environment,stage,why,commit,signature\r\n' +
        '2026-01-01T00:00:00.000Z,Ada <ada@x.org>,approve,greet,1.0.0,production,review,"a ""b"",\n=c",abcdef0123,valid',
    );
  });
});

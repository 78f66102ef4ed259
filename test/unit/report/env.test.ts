import { describe, expect, it } from 'vitest';
import type { Display } from '../../../src/report/display.ts';
import { formatEnvDiff } from '../../../src/report/env/diff.ts';
import { formatEnvHistory } from '../../../src/report/env/history.ts';
import { formatEnvList } from '../../../src/report/env/list.ts';
import { formatEnvReport } from '../../../src/report/env/report.ts';
import { formatEnvShow } from '../../../src/report/env/show.ts';
import { envDiff, envHistory, envList, envReport, envShow } from './env-results.ts';
import { now, pipe, plain } from './results.ts';

const wide: Display = { color: false, columns: 200, now };

describe('env list', () => {
  it('is a matrix that keeps every environment on 80 columns', () => {
    expect(formatEnvList(envList, plain)).toBe(
      [
        'PROMPT                                        LATEST  DEVELOPMENT  PRODUCTION',
        'a-team/with/a/name/that/is/longer/than/most…  1.10.0  1.10.0       1.9.0',
        'rag/answer                                            ·            damaged',
        'support/triage                                        ·            2.0.0 missing',
        '',
        'development runs nothing yet: promptv promote NAME --env development',
        'production runs 2 prompts, last moved 3 hours ago, from development',
      ].join('\n'),
    );
  });

  it('says on a wide terminal since when', () => {
    expect(formatEnvList(envList, wide)).toMatch(/1\.10\.0, 1 day ago +1\.9\.0, 1 week ago$/m);
    expect(formatEnvList(envList, wide)).toContain('2.0.0 missing');
  });

  it('has a column for every environment in a pipe', () => {
    const lines = formatEnvList(envList, pipe).split('\n');
    expect(lines.map((line) => line.split('\t').slice(1))).toEqual([
      ['1.10.0', '1.10.0', '1.9.0'],
      ['', '', 'damaged'],
      ['', '', '2.0.0 missing'],
    ]);
  });

  it('says how to begin', () => {
    expect(formatEnvList({ ...envList, prompts: [], damaged: [] }, plain)).toContain('promptv save');
  });
});

describe('env show', () => {
  it('names the moment with its offset, and what is wrong', () => {
    const text = formatEnvShow(envShow, wide);
    expect(text).toContain('production ran at 2026-01-09T13:00:00+01:00:');
    expect(text).toMatch(/support\/triage +2\.0\.0 +1 week ago +changed +Ada Lovelace +rolled back +Wrong/);
    expect(text).toMatch(/rag\/answer +damaged/);
    expect(text).toContain('promptv doctor');
    expect(text).toMatch(/origin\/main says otherwise:\n.*\n {2}support\/triage {2}2\.0\.0 {2}·/);
  });

  it('is one row a prompt in a pipe, line ends escaped', () => {
    expect(formatEnvShow(envShow, pipe)).toBe(
      [
        'rag/answer\tdamaged\t\t\t\t\t\t',
        'support/triage\t2.0.0\t2026-01-01T09:00:00.000Z\tchanged\tAda Lovelace <ada@example.com>\trolled back\tWrong labels\\nfor enterprise customers\t2.1.0 at 10 %, paused',
      ].join('\n'),
    );
  });

  it('says when there is nothing', () => {
    const nothing = { ...envShow, prompts: [], damaged: [], upstream: null };
    expect(formatEnvShow(nothing, plain)).toBe('production ran nothing at 2026-01-09T13:00:00+01:00.');
    expect(formatEnvShow({ ...nothing, at: null, atLocal: null }, plain)).toBe(
      'production runs nothing yet.',
    );
  });
});

describe('env history', () => {
  it('is a timeline in words', () => {
    const text = formatEnvHistory(envHistory, wide);
    expect(text).toMatch(
      /^rolled back \(automatic\) +1 day ago +support\/triage +1\.1\.0 → 1\.0\.0 +Error-rate alarm +Error rate/m,
    );
    expect(text).toMatch(/^promoted +2 days ago +support\/triage +· → 1\.1\.0 +Ada Lovelace/m);
    const nothing = { ...envHistory, deployments: [] };
    expect(formatEnvHistory(nothing, plain)).toBe('Nothing was ever promoted to production.');
    expect(formatEnvHistory({ ...nothing, prompt: 'a' }, plain)).toBe('a was never promoted to production.');
  });
});

describe('env diff', () => {
  it('says which is ahead, by version and not by letter', () => {
    const text = formatEnvDiff(envDiff, plain);
    expect(text).toMatch(/^support\/triage +1\.9\.0 +1\.10\.0 +production$/m);
    expect(text).toMatch(/^rag\/answer +1\.0\.0 +· +staging$/m);
    expect(text).toContain('2 prompts differ, 4 the same.');
    expect(text).toContain('promptv diff support/triage 1.9.0 1.10.0');
    expect(formatEnvDiff({ ...envDiff, differences: [] }, plain)).toBe(
      'staging and production run the same: 4 prompts.',
    );
  });
});

describe('env report', () => {
  it('is one row an environment; what never happened stays empty', () => {
    const text = formatEnvReport(envReport, wide);
    expect(text).toContain('2 of 3 prompts have a version (66 %).');
    expect(text).toMatch(/^production +2 +8 +87 % +1 +100 % +3\.2 days +11 min$/m);
    expect(text).toMatch(/^development +0 +0 +0$/m);
    expect(formatEnvReport(envReport, pipe).split('\n')[1]).toBe('development\t0\t0\t\t0\t\t\t');
  });
});

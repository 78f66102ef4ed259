import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatConfigShow } from '../../../src/report/config-show.ts';
import { formatDiff } from '../../../src/report/diff.ts';
import { formatDoctor } from '../../../src/report/doctor.ts';
import { formatList } from '../../../src/report/list.ts';
import { formatChangelog, formatLog } from '../../../src/report/log.ts';
import { formatRender } from '../../../src/report/render.ts';
import { formatRestore } from '../../../src/report/restore.ts';
import { formatSave } from '../../../src/report/save.ts';
import { formatShow } from '../../../src/report/show.ts';
import { formatStatus } from '../../../src/report/status.ts';
import * as results from './results.ts';

const { plain, pipe, narrow } = results;
const noDiff = results.promptDiff('a\n', 'a\n', { impact: 'none' });

describe('diff', () => {
  it('names and grades the changes above the text', () => {
    const lines = formatDiff(results.diffResult, plain).split('\n');
    expect(lines[0]).toBe('support/triage  1.2.0 → working   impact minor');
    expect(lines[2]).toBe('  minor  changed  modelParameters.temperature  0.2 → 0.7');
    expect(lines[4]).toBe('  patch  changed  messages[0].content          +4 words');
    expect(lines[5]).toMatch(/^ {2}about \d+ → \d+ tokens \(\+\d+\)$/);
    expect(lines).toContain('-  temperature: 0.2');
  });

  it('marks words inside changed lines by colour', () => {
    const text = formatDiff(results.diffResult, narrow);
    expect(text).toContain('\x1b[32m+\x1b[39m');
    expect(text).toMatch(/messages of \x1b\[39m\x1b\[32m\x1b\[7mour \x1b\[27m\x1b\[39m\x1b\[32mcustomers/);
  });

  it('gives a pipe the patch itself, which can be applied', () => {
    const text = formatDiff(
      { diffs: [results.promptDiff('a\r\nb\r\n', 'a\r\nc\r\n')], unversioned: [], base: null, warnings: [] },
      pipe,
    );
    const patch = text.slice(text.indexOf('diff --git'));
    expect(applyPatch('a\r\nb\r\n', `${patch}\n`, { autoConvertLineEndings: false })).toBe('a\r\nc\r\n');
  });

  it('marks words in braces without colour', () => {
    const text = formatDiff(results.diffResult, pipe, { word: true });
    expect(text).toContain('\n  temperature: [-0.2-]{+0.7+}\n');
    expect(text).toContain('You sort {+the +}messages of {+our +}customers.');
  });

  it('puts the texts beside each other, wrapped to the width', () => {
    const text = formatDiff(results.diffResult, plain, { sideBySide: true });
    expect(text).toContain(' 5 -   temperature: 0.2                │  5 +   temperature: 0.7');
    expect(text).toContain('                                       │  8 +   - name: tone');
    expect(text).toContain('     customers.                        │      our customers.\n');
  });

  it('counts lines and tokens in one row a prompt', () => {
    expect(formatDiff(results.diffResult, pipe, { stat: true })).toMatch(
      /^support\/triage\t1\.2\.0\tworking\tminor\t\+6\t-3\t\d+\t\d+$/,
    );
    const two = {
      diffs: [...results.diffResult.diffs, ...results.diffResult.diffs],
      unversioned: [],
      base: null,
      warnings: [],
    };
    expect(formatDiff(two, plain, { stat: true })).toMatch(/\n2 prompts changed, 12 lines added, 6 removed$/);
  });

  it('says so when nothing or only the layout differs', () => {
    expect(formatDiff({ diffs: [], unversioned: [], base: null, warnings: [] }, plain)).toMatch(
      /^No difference: .*promptv log/,
    );
    expect(formatDiff({ diffs: [noDiff], unversioned: [], base: null, warnings: [] }, plain)).toMatch(
      /\nNo difference\.$/,
    );
    const layout = results.promptDiff('a: 1\n', 'a:  1\n', { impact: 'none' });
    expect(formatDiff({ diffs: [layout], unversioned: [], base: null, warnings: [] }, plain)).toContain(
      'Only comments or layout differ',
    );
  });
});

describe('log', () => {
  it('marks the latest stable version, also beyond 9', () => {
    expect(formatLog(results.logResult, plain).match(/\S+ latest/g)).toEqual(['1.10.0 latest']);
    expect(formatLog(results.logResult, plain, { complete: false })).not.toContain('latest');
  });

  it('gives a pipe every field, with ISO times', () => {
    expect(formatLog(results.logResult, pipe).split('\n')[0]).toBe(
      'support/triage\t2.0.0-rc.1\t2026-01-10T11:20:00Z\tAnn Lee <ann@example.com>\tmajor\ttesting\tstaging\tAsk for the order number first',
    );
  });

  it('says what to type when there is no version', () => {
    expect(formatLog({ ...results.logResult, versions: [] }, plain)).toContain('promptv save support/triage');
    expect(formatLog({ ...results.logResult, prompt: null, versions: [] }, plain)).toMatch(/promptv save$/);
  });

  it('writes a changelog whose messages cannot become markup', () => {
    const [first] = results.logResult.versions;
    if (first === undefined) throw new Error('the fixture has versions');
    const message = '# Title <b>*x*</b>\n- a `point`\n1. one\n[link](http://x)';
    const text = formatChangelog({ ...results.logResult, versions: [{ ...first, message }] });
    expect(text.split('\n')).toEqual([
      '## support/triage 2.0.0-rc.1 (2026-01-10)',
      '',
      '**major** · testing (staging) · by Ann Lee',
      '',
      '\\# Title \\<b\\>\\*x\\*\\</b\\>',
      '- a \\`point\\`',
      '1\\. one',
      '\\[link\\](http://x)',
    ]);
  });
});

describe('status', () => {
  it('groups by what can be done and ends with the next command', () => {
    const text = formatStatus(results.statusResult, plain);
    expect(text).toMatch(
      /^On branch main\n\nTo save:\n {2}modified {2}support\/triage +1\.2\.0 → 1\.3\.0 {2}minor/,
    );
    expect(text).toContain('deleted  rag/answer  3.1.0  production runs it');
    expect(text).toContain('\n1 prompt as last saved.\n');
    expect(text).toContain(
      '\n\nRollouts under way (promptv rollout status NAME --env ENV):\n' +
        '  production  support/triage  1.1.0 → 1.2.0  paused (drift) at 10 %, step 2 of 3\n\n',
    );
    expect(text).toMatch(/promptv save -m MESSAGE$/);
  });

  it('names every problem of a broken file by place', () => {
    const text = formatStatus(results.invalidStatus, plain);
    expect(text).toContain('    prompts/broken.yaml:7:1 error The key "model" stands twice.');
    expect(text).toMatch(/promptv save support\/triage$/);
  });

  it('says that there is nothing to save, or nothing at all', () => {
    const clean = results.statusResult.prompts.filter((prompt) => prompt.state === 'clean');
    expect(formatStatus({ ...results.statusResult, prompts: clean }, plain)).toMatch(
      /\n\nNothing to save\.$/,
    );
    expect(formatStatus({ ...results.statusResult, prompts: [] }, plain)).toContain('promptv new');
  });

  it('gives a pipe one row a prompt, clean ones too', () => {
    const rows = formatStatus(results.statusResult, pipe).split('\n');
    expect(rows).toHaveLength(6);
    expect(rows[5]).toBe(
      'rollout\tsupport/triage\t1.1.0\t1.2.0\t\tproduction: paused (drift) at 10 %, step 2 of 3\t',
    );
    expect(rows[0]).toBe('modified\tsupport/triage\t1.2.0\t1.3.0\tminor\t\tprompts/support/triage.yaml');
    expect(formatStatus(results.refusedStatus, pipe)).toContain(
      'major\tBUMP_TOO_SMALL\tprompts/support/summary.yaml',
    );
  });
});

describe('save', () => {
  it('has one line a version, then what was left alone, then the push', () => {
    expect(formatSave(results.saveResult, plain).split('\n')).toEqual([
      'saved  support/triage    1.2.0 → 1.3.0  minor          commit abc1234',
      'saved  data/text-to-sql  1.0.0          first version  commit abc1234',
      'unchanged  reports/weekly  1.0.0',
      'skipped    rag/answer      the checkout is behind its branch',
      'Push: git push --atomic origin main refs/tags/prompts/support/triage@1.3.0',
    ]);
  });

  it('says in a dry run what it would do', () => {
    const text = formatSave({ ...results.saveResult, dryRun: true }, plain);
    expect(text).toContain('would save  support/triage');
    expect(text).toMatch(/\nDry run: nothing was changed\.$/);
    expect(text).not.toContain('Push');
  });

  it('says when there was nothing to save and when it pushed', () => {
    const nothing = { ...results.saveResult, saved: [], skipped: [], pushCommand: null };
    expect(formatSave(nothing, plain)).toMatch(/\nNothing to save\.$/);
    expect(formatSave({ ...results.saveResult, pushed: true }, plain)).toMatch(/\nPushed\.$/);
  });

  it('names a bump that is not the impact', () => {
    const [first] = results.saveResult.saved;
    if (first === undefined) throw new Error('the fixture has versions');
    const text = formatSave({ ...results.saveResult, saved: [{ ...first, bump: 'patch' }] }, plain);
    expect(text).toContain('minor (bump patch)');
  });
});

describe('the other reports', () => {
  it('show: variables with what they need, and the text with its placeholders', () => {
    const text = formatShow(results.showResult, plain);
    expect(text).toContain('  tone      string  default "calm"  one of "calm", "cheerful"');
    expect(text).toContain('  Be brief and {{tone}}.\n');
    expect(formatShow(results.showResult, narrow)).toContain('Be brief and \x1b[36m{{tone}}\x1b[39m.');
  });

  it('render: the text alone, or messages below their roles', () => {
    expect(formatRender(results.renderResult, pipe)).toBe('You sort messages.\n\nWhere is my parcel?');
    expect(formatRender(results.renderResult, pipe, { format: 'messages' })).toBe(
      'system\nYou sort messages.\n\nuser\nWhere is my parcel?',
    );
  });

  it('list: an empty one says what to type', () => {
    expect(formatList({ environments: [], prompts: [], warnings: [] }, plain)).toContain('promptv new');
    expect(formatList({ environments: [], prompts: [], warnings: [] }, plain, { filtered: true })).toMatch(
      /^No prompt matches/,
    );
    expect(formatList(results.listResult, pipe).split('\n')[1]).toBe(
      'data/text-to-sql\t\tnew\t\t\t\t\t\t\tprompts/data/text-to-sql.yaml',
    );
  });

  it('restore: a file that has the text already is left alone', () => {
    const result = {
      prompt: 'a',
      version: '1.0.0',
      path: 'p/a.yaml',
      changed: false,
      diffCommand: null,
      dryRun: false,
      warnings: [],
    };
    expect(formatRestore(result, plain)).toBe('p/a.yaml has the text of 1.0.0 already.');
    expect(formatRestore({ ...result, changed: true }, plain)).toBe('Restored a 1.0.0 to p/a.yaml.');
  });

  it('doctor: the worst first, and the command only where something can be mended', () => {
    const text = formatDoctor(results.doctorResult, plain);
    expect(text.indexOf('TAG_INVALID')).toBeLessThan(text.indexOf('LOOSE_TAGS'));
    // What --fix cannot mend is not promised by it.
    expect(text).toMatch(/1 error, 1 note\. They need a decision of yours[^\n]*$/);
    const open = results.doctorResult.findings.map((finding) => ({ ...finding, fixed: false }));
    expect(formatDoctor({ findings: open, passed: false, dryRun: false }, plain)).toMatch(
      / promptv doctor --fix$/,
    );
    expect(formatDoctor({ findings: [], passed: true, dryRun: false }, plain)).toBe(
      'Everything is in order.',
    );
  });

  it('config show: YAML with where each value comes from', () => {
    const lines = formatConfigShow(results.configResult, pipe).split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}dir: prompts +# file$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}exclude: \[\] +# default$/));
    expect(lines).toContainEqual(expect.stringMatching(/^tagPrefix: prompts +# default$/));
    expect(lines.slice(lines.indexOf('bump:'), lines.indexOf('bump:') + 2)).toEqual(['bump:', '  branches:']);
  });

  it('config show: one line a key of each environment, and still YAML', () => {
    const text = formatConfigShow(results.configResult, pipe);
    expect(text).toMatch(/^environments: +# \w+\n {2}- name: \w+\n {4}\w+: /m);
    expect(parse(text)).toEqual(JSON.parse(JSON.stringify(results.configResult.config)));
  });
});

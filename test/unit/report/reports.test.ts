import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { AuditResult } from '../../../src/operations/audit.ts';
import type { VerifyResult } from '../../../src/operations/verify.ts';
import { formatAudit } from '../../../src/report/audit.ts';
import { formatBundleResult } from '../../../src/report/bundle.ts';
import { formatConfigShow } from '../../../src/report/config-show.ts';
import { formatDiff } from '../../../src/report/diff.ts';
import type { Display } from '../../../src/report/display.ts';
import { formatDoctor } from '../../../src/report/doctor.ts';
import { formatEnvDiff } from '../../../src/report/env/diff.ts';
import { formatEnvHistory } from '../../../src/report/env/history.ts';
import { formatEnvList } from '../../../src/report/env/list.ts';
import { formatEnvReport } from '../../../src/report/env/report.ts';
import { formatEnvShow } from '../../../src/report/env/show.ts';
import { formatInit } from '../../../src/report/init.ts';
import { formatList } from '../../../src/report/list.ts';
import { formatChangelog, formatLog } from '../../../src/report/log.ts';
import { formatNewPrompt } from '../../../src/report/new-prompt.ts';
import { formatRename } from '../../../src/report/rename.ts';
import { formatRender } from '../../../src/report/render.ts';
import { formatRestore } from '../../../src/report/restore.ts';
import { formatSave } from '../../../src/report/save.ts';
import { formatShow } from '../../../src/report/show.ts';
import { formatSideBySide } from '../../../src/report/side-by-side.ts';
import { formatStatus } from '../../../src/report/status.ts';
import { formatSync } from '../../../src/report/sync.ts';
import { formatUnsave } from '../../../src/report/unsave.ts';
import { formatVerify } from '../../../src/report/verify.ts';
import { measureWidth } from '../../../src/report/width.ts';
import * as env from './env-results.ts';
import * as results from './results.ts';

const renamed = {
  from: 'old',
  to: 'new',
  path: 'prompts/new.yaml',
  commit: 'abc1234def',
  updated: ['prompts/other.yaml'],
  pushed: true,
  dryRun: false,
  warnings: [],
};
const restored = {
  prompt: 'a',
  version: '1.0.0',
  path: 'prompts/a.yaml',
  changed: true,
  diffCommand: 'promptv diff a',
  dryRun: false,
  warnings: [],
};
const unsaved = {
  prompt: 'a',
  version: '1.0.0',
  tag: 'prompts/a@1.0.0',
  hasFile: true,
  saveCommand: 'promptv save a',
  dryRun: false,
  warnings: [],
};
const bundled = {
  file: 'dist/b.json',
  commit: null,
  integrity: 'sha256:00',
  bytes: 1234,
  environments: ['production', 'staging'],
  prompts: [{ prompt: 'a', versions: ['1.0.0', '1.1.0'] }],
  raw: '{}',
  dryRun: false,
  warnings: [],
};
const verified: VerifyResult = {
  file: '/x/b.json',
  valid: true,
  checkedAgainst: 'git',
  commit: null,
  environments: ['production'],
  versionCount: 2,
  findings: [],
};
const place = { environment: null, prompt: null, version: null };
const findings: VerifyResult['findings'] = [
  { ...place, id: 'INTEGRITY', message: 'the content differs' },
  { id: 'POINTER', environment: 'production', prompt: 'a', version: '1.0.0', message: 'it is not there' },
];
const created = { prompt: 'a', path: 'prompts/a.yaml', dryRun: false, warnings: [] };

type Spoil = <T>(value: T) => T;
type Report = readonly [name: string, format: (display: Display, spoil: Spoil) => string];

const asIs: Spoil = (value) => value;
const { diffResult } = results;

const trail: AuditResult = {
  prompt: null,
  entries: [
    {
      ...{ at: '2026-01-07T12:00:00Z', by: 'Ada <ada@x.org>', what: 'approve', prompt: 'support/triage' },
      ...{
        version: '1.10.0',
        environment: 'production',
        stage: 'review',
        why: `${'reads well, '.repeat(40)}!`,
      },
      ...{ commit: 'abcdef0123', signature: 'valid' },
    },
  ],
  warnings: [],
};

const tables: readonly Report[] = [
  ['audit', (display, spoil) => formatAudit(spoil(trail), display)],
  ['log', (display, spoil) => formatLog(spoil(results.logResult), display)],
  ['log of all', (display, spoil) => formatLog(spoil({ ...results.logResult, prompt: null }), display)],
  ['list', (display, spoil) => formatList(spoil(results.listResult), display)],
  ['env list', (display, spoil) => formatEnvList(spoil(env.envList), display)],
  ['diff --stat', (display, spoil) => formatDiff(spoil(diffResult), display, { stat: true })],
];

/** What a pipe gets byte for byte, for a model or a file. */
const exact: readonly Report[] = [
  ['render', (display, spoil) => formatRender(spoil(results.renderResult), display)],
  [
    'messages',
    (display, spoil) => formatRender(spoil(results.renderResult), display, { format: 'messages' }),
  ],
];

const reports: readonly Report[] = [
  ...tables,
  ...exact,
  ['diff --side-by-side', (display, spoil) => formatDiff(spoil(diffResult), display, { sideBySide: true })],
  ['status', (display, spoil) => formatStatus(spoil(results.statusResult), display)],
  ['diff', (display, spoil) => formatDiff(spoil(diffResult), display)],
  ['diff --word', (display, spoil) => formatDiff(spoil(diffResult), display, { word: true })],
  ['changelog', (_, spoil) => formatChangelog(spoil(results.logResult))],
  ['invalid status', (display, spoil) => formatStatus(spoil(results.invalidStatus), display)],
  ['refused status', (display, spoil) => formatStatus(spoil(results.refusedStatus), display)],
  ['save', (display, spoil) => formatSave(spoil(results.saveResult), display)],
  ['dry save', (display, spoil) => formatSave(spoil({ ...results.saveResult, dryRun: true }), display)],
  ['show', (display, spoil) => formatShow(spoil(results.showResult), display)],
  ['sync', (display, spoil) => formatSync(spoil(results.syncResult), display)],
  ['init', (display, spoil) => formatInit(spoil(results.initResult), display)],
  ['doctor', (display, spoil) => formatDoctor(spoil(results.doctorResult), display)],
  ['config show', (display, spoil) => formatConfigShow(spoil(results.configResult), display)],
  ['env show', (display, spoil) => formatEnvShow(spoil(env.envShow), display)],
  ['env diff', (display, spoil) => formatEnvDiff(spoil(env.envDiff), display)],
  ['env history', (display, spoil) => formatEnvHistory(spoil(env.envHistory), display)],
  ['env report', (display, spoil) => formatEnvReport(spoil(env.envReport), display)],
  ['rename', (display, spoil) => formatRename(spoil(renamed), display)],
  ['restore', (display, spoil) => formatRestore(spoil(restored), display)],
  ['unsave', (display, spoil) => formatUnsave(spoil(unsaved), display)],
  ['bundle', (display, spoil) => formatBundleResult(spoil(bundled), display)],
  [
    'verify of a changed bundle',
    (display, spoil) => formatVerify(spoil({ ...verified, valid: false, findings }), display),
  ],
  ['new', (display, spoil) => formatNewPrompt(spoil(created), display)],
];

const widest = (text: string): number =>
  Math.max(...stripVTControlCharacters(text).split('\n').map(measureWidth));

describe('every report', () => {
  it.each(reports)('%s is coloured on a terminal and ends without a line feed', (name, format) => {
    for (const display of [results.narrow, results.broad]) {
      const text = format(display, asIs);
      expect(text).not.toMatch(/\n$/);
      if (name !== 'render' && name !== 'changelog') expect(text).toContain('\x1b[');
    }
  });

  it.each(reports)('%s has the same words with and without colour', (name, format) => {
    if (name === 'diff --word') return;
    expect(stripVTControlCharacters(format(results.narrow, asIs))).toBe(format(results.plain, asIs));
  });

  it.each(reports)('%s has no escape codes in a pipe', (_, format) => {
    expect(format(results.pipe, asIs)).not.toContain('\x1b');
    expect(format(results.pipe, asIs)).not.toMatch(/\n$/);
  });

  it.each(reports)('%s lets no control or reordering character through to a terminal', (name, format) => {
    const isExact = exact.some(([exactName]) => exactName === name);
    for (const display of isExact ? [results.plain] : [results.plain, results.pipe]) {
      const text = format(display, spoil);
      expect(text).toMatch(/\\x1b|\\u001b/);
      expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    }
  });

  it.each(exact)('%s gives a pipe every character as it is', (_, format) => {
    expect(format(results.pipe, spoil)).toContain(marks);
  });

  it.each(tables)('%s is no wider than the terminal', (_, format) => {
    for (const columns of [200, 120, 80, 60, 40]) {
      expect(widest(format({ ...results.narrow, columns }, asIs))).toBeLessThanOrEqual(columns);
      expect(widest(format({ ...results.narrow, columns }, spoil))).toBeLessThanOrEqual(columns);
    }
  });

  it.each([200, 80, 41])('both sides of a diff fit into %i columns', (columns) => {
    for (const before of ['a\tb', '東京'.repeat(100), `${'long words '.repeat(50)}\x1b`, '👩‍🚀'.repeat(60)]) {
      const text = formatSideBySide(results.promptDiff(`${before}\n`, `${before} more\n`), {
        ...results.narrow,
        columns,
      });
      expect(widest(text)).toBeLessThanOrEqual(columns);
    }
  });
});

const marks = '\x1b[2J\x9b1m\u202e\u2066\x07\x00\r!';

/** Puts hostile characters behind every string that people can write, and into the keys of open mappings. */
const spoil: Spoil = (value) =>
  JSON.parse(JSON.stringify(value), (key, item: unknown) => {
    if (typeof item !== 'string' || fixedWords.has(key) || fixedWords.has(item) || item.startsWith('sha256'))
      return item;
    return item + marks;
  });

const fixedWords = new Set([
  'impact',
  'state',
  'status',
  'severity',
  'kind',
  'bump',
  'template',
  'date',
  'file',
  'default',
]);

describe('at 80 columns', () => {
  const display = { ...results.plain, columns: 80 };

  it('status says why a file is invalid also where no line of it is to blame', () => {
    const links = results.invalidStatus.prompts
      .filter(({ state }) => state === 'invalid')
      .map((prompt) => ({ ...prompt, reason: 'prompts/a.yaml is a link.', problems: [] }));
    const text = formatStatus({ ...results.invalidStatus, prompts: links }, display);
    expect(text).toContain('error prompts/a.yaml is a link.');
  });

  it('status shows all problems of a single file, and of several the command that does', () => {
    const broken = results.invalidStatus.prompts.filter(({ state }) => state === 'invalid');
    const many = broken.map((prompt) => ({
      ...prompt,
      problems: Array.from({ length: 9 }, (_, at) =>
        prompt.problems.map((one) => ({ ...one, line: at + 1 })),
      ).flat(),
    }));
    const lastLine = 'prompts/broken.yaml:9:1';
    expect(formatStatus({ ...results.invalidStatus, prompts: many }, display)).toContain(lastLine);
    const two = formatStatus({ ...results.invalidStatus, prompts: [...many, ...many] }, display);
    expect(two).not.toContain(lastLine);
    expect(two).toContain('and 4 more problems: promptv status prompts/broken.yaml');
  });

  it('status advises to compare only where there is a version to compare with', () => {
    const [first] = results.statusResult.prompts.filter(({ state }) => state === 'modified');
    const prompts = first === undefined ? [] : [first];
    expect(formatStatus({ ...results.statusResult, prompts }, display)).toContain('promptv diff');
    const fresh = prompts.map((prompt) => ({ ...prompt, state: 'new' as const, reason: null, latest: null }));
    const text = formatStatus({ ...results.statusResult, prompts: fresh }, display);
    expect(text).toContain('promptv save');
    expect(text).not.toContain('promptv diff');
  });

  it('diff calls nothing as saved that it has not looked at', () => {
    const same = { ...results.diffResult, diffs: [], unversioned: [], base: null, warnings: [] };
    expect(formatDiff(same, display)).toContain('every prompt is as it was last saved');
    expect(formatDiff(same, display, { staged: true })).toContain('every prompt is staged as it was');
    const broken = [{ code: 'PROMPT_INVALID', message: 'prompts/a.yaml is left out' }];
    expect(formatDiff({ ...same, warnings: broken }, display)).toBe('No difference in the other prompts.');
  });

  it('log tells a range without versions from a prompt without any', () => {
    const none = { ...results.logResult, versions: [] };
    expect(formatLog(none, display, { complete: false })).toMatch(
      /in that range\. See them all: promptv log/,
    );
    expect(formatLog(none, display)).toMatch(/Save one: promptv save/);
    expect(formatChangelog(none)).toBe('No versions.');
  });

  it('save names the way on where there are no prompts', () => {
    const nothing = { ...results.saveResult, saved: [], unchanged: [], skipped: [] };
    expect(formatSave(nothing, display)).toMatch(/no prompts yet.*promptv new/);
  });

  it('list shows the version in every environment, and lets go of the rest', () => {
    const [header, row] = formatList(results.listResult, display).split('\n');
    expect(header).toMatch(/^PROMPT +VERSION +STATE +STAGING +PRODUCTION/);
    expect(row).toMatch(/^support\/triage +1\.10\.0 +modified +2\.0\.0-rc\.1 +1\.10\.0 \(1\.11\.0 at 25 %\)/);
  });

  it('list gathers the environments in one column where they have no room', () => {
    const environments = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
    const [header] = formatList({ ...results.listResult, environments }, display).split('\n');
    expect(header).toContain('ENVIRONMENTS');
  });

  it('audit has names whole, and who and why below', () => {
    const [, row, why] = formatAudit(trail, display).split('\n');
    expect(row).toMatch(/approve +support\/triage 1\.10\.0 +production\/review/);
    expect(why).toMatch(/^ {4}Ada: reads well, /);
    expect(formatAudit(trail, { ...display, columns: 200 }).split('\n')).toHaveLength(2);
  });

  it('env report has every title whole', () => {
    expect(formatEnvReport(env.envReport, display)).toMatch(
      /DEPLOYMENTS +GOOD +ROLLBACKS +HELD +BETWEEN +BACK AFTER/,
    );
  });
});

describe('bundle and verify', () => {
  it('say what is in the file and how it is checked', () => {
    expect(formatBundleResult(bundled, results.plain)).toBe(
      'Wrote dist/b.json: 2 versions of 1 prompt for production, staging, 1234 bytes.\n' +
        'Check it anywhere: promptv verify dist/b.json',
    );
    expect(formatBundleResult({ ...bundled, dryRun: true }, results.plain)).toMatch(/^Would write [^\n]*$/);
    expect(formatVerify(verified, results.plain)).toBe('✔ /x/b.json: 2 versions intact; git has the same.');
    expect(formatVerify({ ...verified, checkedAgainst: null }, results.plain)).toContain(
      'not compared with git',
    );
  });

  it('list every difference, in a pipe one a row', () => {
    expect(formatVerify({ ...verified, valid: false, findings }, results.pipe)).toBe(
      'INTEGRITY\t\tthe content differs\nPOINTER\ta@1.0.0 in production\tit is not there',
    );
  });
});

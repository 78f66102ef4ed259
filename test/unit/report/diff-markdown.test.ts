import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import type { DiffResult } from '../../../src/operations/diff.ts';
import type { BaseChange } from '../../../src/operations/diff-base.ts';
import type { PromptDiff } from '../../../src/operations/diff-pair.ts';
import { formatDiffMarkdown } from '../../../src/report/diff-markdown.ts';
import { promptDiff } from './results.ts';

const change = (given: Partial<BaseChange> = {}): BaseChange => ({
  prompt: 'support/triage',
  path: 'prompts/support/triage.yaml',
  state: 'changed',
  impact: 'minor',
  reason: null,
  latest: '1.2.0',
  next: '1.3.0',
  tokens: { before: 100, after: 112 },
  ...given,
});

const result = (prompts: readonly BaseChange[], diffs: readonly PromptDiff[] = []): DiffResult => ({
  diffs,
  unversioned: [],
  base: { revision: 'main', commit: 'a'.repeat(40), prompts },
  warnings: [],
});

const toHtml = (markdown: string): string => marked.parse(markdown, { async: false, gfm: true });

/** The cells of the first table, as a reader sees them. */
const cellsOf = (markdown: string): string[] =>
  [...toHtml(markdown).matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) =>
    cell.replace(/<[^>]+>/g, ''),
  );

const hostile = [
  '\u001b[2J```\n````\n<script>alert(1)</script> <img src=x onerror=y> @octocat #1 ![x](http://e.example)',
  '</code></details> | cell | [a](javascript:x) **b** <!-- promptv diff -->',
  '::set-output name=x::y',
  '##[error]forged \u202e \ud800 \u0000',
].join('\n');

describe('the comparison as Markdown', () => {
  it('is a row for each prompt, with impact, next version and the change in tokens', () => {
    const markdown = formatDiffMarkdown(
      result([
        change(),
        change({
          prompt: 'new',
          state: 'added',
          impact: null,
          latest: null,
          next: '1.0.0',
          tokens: { before: null, after: 7 },
        }),
        change({
          prompt: 'old',
          state: 'deleted',
          impact: null,
          next: null,
          tokens: { before: 9, after: null },
        }),
        change({
          prompt: 'bad',
          state: 'invalid',
          impact: null,
          reason: 'no content',
          next: null,
          tokens: { before: 9, after: null },
        }),
      ]),
    );
    expect(markdown.split('\n')[0]).toBe('## Prompts: 4 changed, impact minor');
    expect(cellsOf(markdown)).toEqual([
      ...['support/triage', 'changed', 'minor', '1.2.0 → 1.3.0', '100 → 112 (+12)'],
      ...['new', 'added', '–', '1.0.0', '7'],
      ...['old', 'deleted', '–', '1.2.0', '–'],
      ...['bad', 'invalid: no content', '–', '1.2.0', '–'],
    ]);
  });

  it('folds the named changes and the text of each prompt away', () => {
    const diff = promptDiff('a\n', 'b\n', {
      changes: [{ path: 'model', kind: 'changed', before: 'small', after: 'large', impact: 'minor' }],
    });
    const markdown = formatDiffMarkdown(result([change()], [diff]));
    expect(markdown).toContain('<details><summary><code>support/triage</code>: patch</summary>');
    expect(cellsOf(markdown).slice(5)).toEqual(['minor', 'changed', 'model', '"small" → "large"']);
    expect(markdown).toContain('```diff\n@@ -1 +1 @@\n-a\n+b\n```');
  });

  it('compares versions too, without a base', () => {
    const markdown = formatDiffMarkdown({
      diffs: [promptDiff('a\n', 'b\n')],
      unversioned: [],
      base: null,
      warnings: [],
    });
    expect(cellsOf(markdown)).toEqual([
      'support/triage',
      'changed',
      'patch',
      '1.2.0 → working',
      expect.any(String),
    ]);
  });

  it('says that nothing changed', () => {
    expect(formatDiffMarkdown(result([]))).toBe('## Prompts\n\nNo prompt changed.\n');
  });

  it('lets a hostile prompt be nothing but text', () => {
    const diff = promptDiff('a\n', `${hostile}\n`, {
      prompt: hostile,
      changes: [{ path: hostile, kind: 'changed', before: hostile, after: hostile, impact: 'patch' }],
    });
    const markdown = formatDiffMarkdown(
      result([change({ prompt: hostile, reason: hostile, latest: hostile })], [diff]),
    );
    expect(markdown).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]/u);
    expect(markdown).not.toContain('##[');
    expect(markdown.split('\n').filter((line) => line.trimStart().startsWith('::'))).toEqual([]);
    const html = toHtml(markdown);
    // Every element is one of ours; what is in code is text to the host.
    const elements = new Set([...html.matchAll(/<([a-z][a-z0-9]*|!)/gi)].map(([, name]) => name));
    expect([...elements].sort()).toEqual(
      ['code', 'details', 'h2', 'pre', 'summary', 'table', 'tbody', 'td', 'th', 'thead', 'tr'].sort(),
    );
    const outside = html.replace(/<code[^>]*>.*?<\/code>/gs, '');
    expect(outside).not.toMatch(/octocat|alert|example|set-output|forged/);
    expect([...markdown.matchAll(/^<\/details>$/gm)]).toHaveLength(1);
  });

  it.each([
    ['many prompts', 3_000, 'short'],
    ['long texts', 30, 'word '.repeat(20_000)],
    ['lines of a megabyte', 2, 'x'.repeat(1_000_000)],
    ['a megabyte of back-ticks', 2, '`'.repeat(1_000_000)],
    ['control characters', 3, '\u001b'.repeat(100_000)],
  ])('stays below the limit of a comment with %s, and says what it leaves out', (_, count, text) => {
    const names = Array.from({ length: count }, (__, index) => `prompt-${index}`);
    const markdown = formatDiffMarkdown(
      result(
        names.map((prompt) => change({ prompt })),
        names.map((prompt) => promptDiff('a\n', `${text}\n`, { prompt })),
      ),
    );
    expect(markdown.length).toBeLessThan(60_000);
    expect(markdown).toMatch(/not shown\.|do not fit here|is longer and cut here/);
    expect(markdown).toContain(`${count} changed`);
  });
});

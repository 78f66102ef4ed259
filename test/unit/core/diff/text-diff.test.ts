import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLines, type DiffHunk, diffLines, unifiedPatch } from '../../../../src/core/diff/text-diff.ts';

const names = { from: '1.0.0', to: 'working', path: 'prompts/a.yaml' };

const marked = (hunks: readonly DiffHunk[], side: 'removed' | 'added'): string[] =>
  hunks
    .flatMap((hunk) => hunk.blocks)
    .flatMap((block) => (block.kind === 'changed' ? block[side] : []))
    .map((line) => line.parts.map((part) => (part.changed ? `<${part.text}>` : part.text)).join(''));

describe('unifiedPatch', () => {
  it('looks as git diff prints it, with the names of the sides', () => {
    expect(unifiedPatch('a\nb\nc\n', 'a\nB\nc\n', names)).toBe(
      [
        'diff --git a/prompts/a.yaml b/prompts/a.yaml',
        '--- a/prompts/a.yaml\t1.0.0',
        '+++ b/prompts/a.yaml\tworking',
        '@@ -1,3 +1,3 @@',
        ' a',
        '-b',
        '+B',
        ' c',
        '',
      ].join('\n'),
    );
  });

  it('is empty for equal texts', () => {
    expect(unifiedPatch('a\n', 'a\n', names)).toBe('');
  });

  it('marks a last line without an end, keeps CRLF and leaves a count of one out', () => {
    expect(unifiedPatch('a\r\n', 'a', names).split('\n').slice(3)).toEqual([
      '@@ -1 +1 @@',
      '-a\r',
      '+a',
      '\\ No newline at end of file',
      '',
    ]);
  });

  it('shows a file that did not exist as new', () => {
    expect(unifiedPatch(null, 'a\n', names).split('\n').slice(1, 5)).toEqual([
      'new file mode 100644',
      '--- /dev/null\t1.0.0',
      '+++ b/prompts/a.yaml\tworking',
      '@@ -0,0 +1 @@',
    ]);
  });

  const line = fc.constantFrom('a', 'b', 'c', '', 'a\r', '@@ -1,1 +1,1 @@', 'x\r@@ -1,1 +1,1 @@');
  const text = fc.tuple(fc.array(line, { maxLength: 30 }), fc.boolean()).map(([lines, ended]) => {
    return lines.join('\n') + (ended ? '\n' : '');
  });

  it('turns the first text into the second', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const patch = unifiedPatch(before, after, names);
        expect(patch === '' ? before : applyPatch(before, patch, { autoConvertLineEndings: false })).toBe(
          after,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('still turns one text into the other when they differ in thousands of lines', () => {
    const lines = (prefix: string) => Array.from({ length: 3_000 }, (_, i) => `${prefix} ${i}`);
    const before = ['start', ...lines('old'), 'end 1', 'end 2'].join('\n');
    const after = ['start', ...lines('new'), 'end 1', 'end 2'].join('\n');
    const patch = unifiedPatch(before, after, names);
    expect(applyPatch(before, patch)).toBe(after);
    expect(patch).toContain('\n@@ -1,3003 +1,3003 @@\n start\n-old 0\n');
  });
});

describe('diffLines', () => {
  it('marks the words that differ inside changed lines', () => {
    const hunks = diffLines('a\nYou are a calm agent.\n', 'a\nYou are a very kind agent.\n');
    expect(marked(hunks, 'removed')).toEqual(['You are a <calm> agent.']);
    expect(marked(hunks, 'added')).toEqual(['You are a <very kind> agent.']);
  });

  it('finds the words of a paragraph that was wrapped anew', () => {
    const hunks = diffLines('one two\nthree four five\n', 'one two three\nfour five six\n');
    expect(marked(hunks, 'removed').join('\n').match(/<\w+>/g)).toBeNull();
    expect(
      marked(hunks, 'added')
        .join('\n')
        .match(/\bsix\b/),
    ).not.toBeNull();
  });

  it('marks white space when nothing else differs', () => {
    expect(marked(diffLines('a  b\n', 'a b\n'), 'removed')).toEqual(['a<  >b']);
  });

  it('marks no words in lines that have little in common', () => {
    const hunks = diffLines('alpha beta gamma\n', 'one two three\n');
    expect(marked(hunks, 'added')).toEqual(['one two three']);
    expect(hunks[0]?.blocks[0]).toMatchObject({ kind: 'changed', words: null });
  });

  it('marks single characters of scripts without spaces', () => {
    expect(marked(diffLines('大阪タワーへ行く\n', '京都タワーへ行く\n'), 'added')).toEqual([
      '<京都>タワーへ行く',
    ]);
  });

  it('counts lines from 1 and keeps three lines of context', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i + 1}\n`).join('');
    const [hunk, ...others] = diffLines(before, before.replace('line 10\n', ''));
    expect(others).toEqual([]);
    expect(hunk).toMatchObject({ beforeStart: 7, beforeCount: 7, afterStart: 7, afterCount: 6 });
    expect(countLines(diffLines(before, before.replace('line 10\n', '')))).toEqual({ added: 0, removed: 1 });
  });

  it('keeps every character of both sides', () => {
    const text = fc
      .array(fc.constantFrom('foo', 'bar', ' ', '  ', '\n', '.', '東', '👍', '\r\n', 'é'))
      .map((parts) => {
        return parts.join('');
      });
    fc.assert(
      fc.property(text, text, (before, after) => {
        for (const block of diffLines(before, after).flatMap((hunk) => hunk.blocks)) {
          if (block.kind === 'same') continue;
          for (const line of [...block.removed, ...block.added]) {
            expect(line.parts.map((part) => part.text).join('')).toBe(line.text);
          }
          if (block.words === null) continue;
          const join = (lines: readonly { readonly text: string }[]) =>
            lines.map((line) => line.text).join('\n');
          expect(block.words.map((word) => word.before).join('')).toBe(join(block.removed));
          expect(block.words.map((word) => word.after).join('')).toBe(join(block.added));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends on a mebibyte of different text, in short lines, one line or empty lines', () => {
    const words = (word: string, separator: string) =>
      `${word}${separator}`.repeat((1 << 20) / (word.length + 1));
    const cases: [string, string][] = [
      [words('old', ' '), words('new', ' ')],
      [words('ab c de', '\n'), words('xy z uv', '\n')],
      [words('', '\n'), words('', '\n').slice(1 << 19)],
    ];
    for (const [before, after] of cases) {
      expect(diffLines(before, after).length).toBeGreaterThan(0);
    }
  });
});

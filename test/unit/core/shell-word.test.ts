import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoteShellWord } from '../../../src/core/shell-word.ts';

describe('a word for a shell', () => {
  it.each([
    'origin',
    'HEAD:refs/heads/feature/x',
    'refs/tags/prompts/a@1.0.0-rc.1',
    'git@host:o/r.git',
  ])('%s stands as it is', (word) => {
    expect(quoteShellWord(word)).toBe(word);
  });

  it.each([
    'a;reboot',
    '$(id)',
    '`id`',
    "it's",
    'a b',
    '',
    '&',
    '"',
    'ünï',
    '~',
    '*',
    '#x',
  ])('%s is read back by a shell as that one word', (word) => {
    const script = `printf '%s|' ${quoteShellWord(word)}`;
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(`${word}|`);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';

describe('docs/library.md', () => {
  const text = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8');
  const names = Object.keys(library);

  it.each(names)('names %s, which the library exports', (name) => {
    expect(text).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('lists no operation that the library lacks', () => {
    const rows = [
      ...text.matchAll(/^\| ((?:`\w+` ?)+)\| (?=.*(?:`\{|none|list of records|function to call|the same))/gm),
    ];
    const listed = rows.flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []);
    expect(listed.length).toBeGreaterThan(50);
    expect(listed.filter((name) => !names.includes(name))).toEqual([]);
  });
});

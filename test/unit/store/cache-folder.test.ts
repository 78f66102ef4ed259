import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheFolder } from '../../../src/store/cache-folder.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cache-folder-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const open = (): CacheFolder => new CacheFolder(join(root, 'cache'), join(root, 'git/key'));
const read = (name: string): string | null => open().read(name)?.toString('utf8') ?? null;

describe('a folder of derived files', () => {
  it('gives back what was written and added, in another run', () => {
    expect(read('a')).toBeNull();
    open().write('a', 'one');
    open().append('a', ' two');
    open().append('b', 'first');
    expect([read('a'), read('b')]).toEqual(['one two', 'first']);
  });

  it('is ignored by git', () => {
    open().write('a', 'one');
    expect(readFileSync(join(root, 'cache/.gitignore'), 'utf8')).toBe('*\n');
  });

  it.each([
    ['without a key', 'planted'],
    ['with a key of its own', '11111111-2222-3333-4444-555555555555\nplanted'],
  ])('takes no file of a branch %s', (_, text) => {
    mkdirSync(join(root, 'cache'));
    writeFileSync(join(root, 'cache/a'), text);
    expect(read('a')).toBeNull();
    open().write('b', 'ours');
    expect(read('a')).toBeNull();
    open().append('a', 'ours');
    expect(read('a')).toBe('ours');
  });

  it('harms nobody where it cannot be written', () => {
    writeFileSync(join(root, 'cache'), 'a file');
    open().write('a', 'one');
    expect(read('a')).toBeNull();
  });
});

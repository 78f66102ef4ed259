import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTextFile } from '../../../src/store/read-file.ts';
import { readVariablesFile } from '../../../src/store/variables-file.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'read-file-'));
  mkdirSync(join(root, 'folder'));
  writeFileSync(join(root, 'latin'), Buffer.from('a: caf\u00e9', 'latin1'));
  writeFileSync(join(root, 'text'), 'a: caf\u00e9');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each([
  ['a text', readTextFile, 'a: caf\u00e9'],
  ['a file of variables', readVariablesFile, { a: 'caf\u00e9' }],
])('%s', (_, read, content) => {
  it('is read as UTF-8', async () => expect(await read(join(root, 'text'))).toEqual(content));

  it.each([
    ['latin', 'FILE_NOT_TEXT'],
    ['folder', 'FILE_IS_FOLDER'],
    ['nowhere', 'FILE_NOT_FOUND'],
    ['text/below', 'FILE_NOT_FOUND'],
  ])('is refused for what it is: %s gives %s', async (name, code) => {
    const path = join(root, name);
    await expect(read(path)).rejects.toMatchObject({ code, exitCode: 2, details: { path } });
  });
});

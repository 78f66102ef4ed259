import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { includedPrompts } from '../../../src/core/template/template.ts';
import { CacheFolder } from '../../../src/store/cache-folder.ts';
import { DocumentCache } from '../../../src/store/document-cache.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'promptv-cache-'));
  mkdirSync(join(home, 'git'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const open = (): DocumentCache =>
  new DocumentCache(new CacheFolder(join(home, 'cache'), join(home, 'git/key')));
const path = 'prompts/a.yaml';
const texts = Array.from({ length: 45 }, (_, index) =>
  Buffer.from(`content: "{{> shared/part-${index}}} {{! {{> none}} Hello"\n`),
);
const read = (cache: DocumentCache) => {
  cache.expect(texts.length);
  return texts.map((text) => cache.parse(text, path).document);
};

it('knows from the first run what each document includes', () => {
  const first = open();
  const documents = read(first);
  first.flush();
  const file = join(home, 'cache/documents.json');
  // A name that no text has shows that it is read, not found anew.
  writeFileSync(file, readFileSync(file, 'utf8').replace('["shared/part-7"]', '["shared/stored"]'));
  const again = read(open());
  expect(again).toEqual(documents);
  expect(again.map((document) => document && includedPrompts(document))).toEqual(
    texts.map((_, index) => [index === 7 ? 'shared/stored' : `shared/part-${index}`]),
  );
});

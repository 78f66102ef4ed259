import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { errorKinds } from '../../src/errors.ts';

const folder = fileURLToPath(new URL('../../src/errors/', import.meta.url));

it('every code stands in one table, and every table is part of the whole', () => {
  const texts = [`${folder}../errors.ts`, ...readdirSync(folder).map((file) => folder + file)].map((path) =>
    readFileSync(path, 'utf8'),
  );
  const codes = texts.flatMap((text) =>
    [...text.matchAll(/^ {2}([A-Z_]+): kind\(/gm)].map(([, code]) => code),
  );
  expect(codes.sort()).toEqual(Object.keys(errorKinds).sort());
});

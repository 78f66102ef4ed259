import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../src', import.meta.url)).replace(/[\\/]$/, '');

/** Which folders a folder may import besides itself; `errors.ts` is open to all. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  git: ['core'],
  store: ['core'],
  calls: ['core'],
  operations: ['core', 'git', 'store', 'calls'],
  report: ['core'],
  cli: ['core', 'git', 'store', 'calls', 'operations', 'report'],
  errors: [],
  'errors.ts': ['errors'],
  'client.ts': ['core', 'store', 'operations'],
  'index.ts': ['core', 'git', 'store', 'calls', 'operations', 'report'],
};

/** Packages and Node modules with an owner; the others are nobody's own. */
const owners: readonly (readonly [pattern: RegExp, folders: readonly string[]])[] = [
  [
    /^(semver|diff|simple-statistics|mustache|valibot|@valibot\/to-json-schema|obscenity|@secretlint)(\/|$)/,
    ['core'],
  ],
  [/^simple-git$/, ['git']],
  [/^node:child_process$/, ['git', 'calls']],
  [/^node:fs(\/|$)/, ['store']],
  [/^(yaml|write-file-atomic|tinyglobby)(\/|$)/, ['store']],
  [/^(commander|ora|ci-info)(\/|$)/, ['cli']],
  [/^cli-table3$/, ['report']],
  [/^chalk$/, ['report', 'cli']],
  [/^cockatiel$/, ['calls']],
  [/^ajv(\/|$)/, ['core']],
  [/^node:(net|http|https|http2|tls|dgram)$/, ['calls']],
];

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly isType: boolean;
}

/** Static, re-exporting and dynamic imports of a TypeScript text. */
const importsOf = (file: string, text: string): Import[] =>
  [
    ...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm),
    ...text.matchAll(/(?<![\w.])import()\(\s*'([^']+)'\s*\)/g),
  ].map(([, type, specifier = '']) => ({ file, specifier, isType: Boolean(type?.trim()) }));

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));
const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));

const layerOf = (path: string): string => path.split('/')[0] ?? '';

/** What is wrong with one import; null when nothing is. */
const breachOf = ({ file, specifier, isType }: Import): string | null => {
  const from = layerOf(file);
  if (!specifier.startsWith('.')) {
    const owner = owners.find(([pattern]) => pattern.test(specifier));
    return owner && !owner[1].includes(from) ? `${file} imports ${specifier}` : null;
  }
  const to = layerOf(relative(root, resolve(root, dirname(file), specifier)).replaceAll('\\', '/'));
  if (to === from && from !== 'errors.ts') return null;
  if (to === 'errors.ts' && from !== 'errors.ts') return null;
  if (from === 'report' && to === 'operations' && isType) return null;
  return allowed[from]?.includes(to) ? null : `${file} imports ${specifier}`;
};

const breachesIn = (file: string, text: string): (string | null)[] => importsOf(file, text).map(breachOf);

describe('the layers', () => {
  it('are kept by every import', () => {
    expect(imports.length).toBeGreaterThan(300);
    expect(imports.map(breachOf).filter(Boolean)).toEqual([]);
  });

  it('leave no folder without a rule', () => {
    expect(files.map(layerOf).filter((layer) => !Object.hasOwn(allowed, layer))).toEqual([]);
  });

  it.each([
    ['core/a.ts', "import { readFileSync } from 'node:fs';"],
    ['core/a.ts', "import type { Repository } from '../git/repository.ts';"],
    ['git/a.ts', "import { withLock } from '../store/lock.ts';"],
    ['store/a.ts', "import { spawn } from 'node:child_process';"],
    ['operations/a.ts', "import chalk from 'chalk';"],
    ['operations/a.ts', "import { sanitize } from '../cli/text.ts';"],
    ['operations/a.ts', "import {\n  parse,\n  stringify,\n} from 'yaml';"],
    ['operations/a.ts', "const { diffLines } = await import('diff');"],
    ['report/a.ts', "import { save } from '../operations/save.ts';"],
    ['index.ts', "export { run } from './cli/run.ts';"],
    ['cli/a.ts', "export * from '../index.ts';"],
    ['cli/a.ts', "import 'cli-table3';"],
    ['errors.ts', "import { x } from './core/x.ts';"],
    ['core/a.ts', "import { kind } from '../errors/kind.ts';"],
  ])('%s may not say %s', (file, text) => {
    expect(breachesIn(file, text)).toEqual([expect.stringContaining(file)]);
  });

  it.each([
    ['core/a/b.ts', "import { promptvError } from '../../errors.ts';"],
    ['report/a.ts', "import type { SaveResult } from '../operations/save.ts';"],
    ['operations/a.ts', "import { withLock } from '../store/lock.ts';"],
    ['cli/a.ts', "const { save } = await import('../operations/save.ts');"],
  ])('%s may say %s', (file, text) => {
    expect(breachesIn(file, text)).toEqual([null]);
  });
});

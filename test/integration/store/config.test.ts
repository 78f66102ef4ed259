import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/core/config/default-config.ts';
import { PromptvError } from '../../../src/errors.ts';
import { findWorkspace, readConfig } from '../../../src/store/config.ts';

let top: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'promptv-config-')));
});

afterEach(() => {
  rmSync(top, { recursive: true });
});

const write = (path: string, content: string | Uint8Array = ''): string => {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), content);
  return join(top, path);
};

const errorOf = async (run: () => unknown): Promise<PromptvError> => {
  try {
    await run();
  } catch (error) {
    if (error instanceof PromptvError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('findWorkspace', () => {
  it.each([
    '.promptrc.yaml',
    '.promptrc.yml',
    '.promptrc.json',
  ])('finds %s in the nearest directory upwards', (name) => {
    write('.promptrc.yaml');
    const configPath = write(`team/${name}`);
    mkdirSync(join(top, 'team/prompts/deep'), { recursive: true });
    expect(findWorkspace(join(top, 'team/prompts/deep'), top)).toEqual({
      root: join(top, 'team'),
      configPath,
    });
    expect(findWorkspace(top, top)).toEqual({ root: top, configPath: join(top, '.promptrc.yaml') });
  });

  it('takes a package.json with the key, and passes one that only depends on promptv', () => {
    const configPath = write('package.json', '{"promptv": {}}');
    write('inner/package.json', '{"name": "promptv", "devDependencies": {"promptv": "1"}}');
    expect(findWorkspace(join(top, 'inner'), top)).toEqual({ root: top, configPath });
  });

  it('is the top level without a configuration, whatever lies above it', () => {
    write('.promptrc.yaml');
    mkdirSync(join(top, 'repository/inner'), { recursive: true });
    const root = join(top, 'repository');
    expect(findWorkspace(join(root, 'inner'), root)).toEqual({ root, configPath: null });
  });

  it('sees through symbolic links and does not leave the repository for a directory outside', () => {
    mkdirSync(join(top, 'repository'));
    const configPath = write('repository/a/.promptrc.yaml');
    symlinkSync(join(top, 'repository'), join(top, 'link'));
    const root = join(top, 'repository');
    expect(findWorkspace(join(top, 'link/a'), root)).toEqual({ root: join(root, 'a'), configPath });
    expect(findWorkspace(top, root)).toEqual({ root, configPath: null });
  });

  it('passes a directory that has the name of a configuration', () => {
    mkdirSync(join(top, '.promptrc.yaml'));
    expect(findWorkspace(top, top).configPath).toBeNull();
  });

  it('refuses two configurations in one directory', async () => {
    write('.promptrc.yaml');
    write('package.json', '{"promptv": {}}');
    const error = await errorOf(() => findWorkspace(top, top));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('2 configurations (.promptrc.yaml, package.json)');
  });

  it('says so when a directory is not there', async () => {
    expect((await errorOf(() => findWorkspace(join(top, 'none'), top))).code).toBe('FILE_ACCESS');
  });
});

describe('readConfig', () => {
  it('gives the defaults without a file', async () => {
    const { config, origins, path } = await readConfig(null);
    expect(config).toBe(defaultConfig);
    expect(path).toBeNull();
    expect(origins['push.auto']).toBe('default');
  });

  it.each([
    ['.promptrc.yaml', 'tagPrefix: a # comment\n'],
    ['.promptrc.yml', '\uFEFFtagPrefix: a\r\n'],
    ['.promptrc.json', '{\n\t"tagPrefix": "a"\n}'],
    ['package.json', '{"name": "x", "name": "y", "promptv": {"tagPrefix": "a"}}'],
    ['other.conf', 'tagPrefix: a'],
  ])('reads %s', async (name, text) => {
    const path = write(name, text);
    const loaded = await readConfig(path);
    expect(loaded.config).toEqual({ ...defaultConfig, tagPrefix: 'a' });
    expect(loaded.origins.tagPrefix).toBe('file');
    expect(loaded.path).toBe(path);
  });

  it.each(['', '# only a comment\n', '---\n'])('takes %j for an empty configuration', async (text) => {
    expect((await readConfig(write('.promptrc.yaml', text))).config).toEqual(defaultConfig);
  });

  it('reports every problem with line and column, in the order of the file', async () => {
    const path = write(
      '.promptrc.yaml',
      'tagPrefix: ok\npush:\n  auto: maybe\n  remte: x\nenvironments:\n  - name: a\n  - name: Latest\n    approvals:\n      - approvers: []\nbumb: {}\n',
    );
    const error = await errorOf(() => readConfig(path));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toBe(`The configuration ${path} is not valid: 5 problems found.`);
    expect(error.hint).toContain(`${path}:3:3 (push.auto must be true, false or "ci")`);
    expect(error.details.problems).toMatchObject([
      { line: 3, column: 3, message: 'push.auto must be true, false or "ci"' },
      { line: 4, column: 3, message: 'push.remte is no key; did you mean "remote"?' },
      { line: 7, column: 5, message: expect.stringContaining('environments[1].name is no name') },
      { line: 9, column: 9, message: 'environments[1].approvals[0].name is missing' },
      { line: 10, column: 1, message: 'bumb is no key; did you mean "bump"?' },
    ]);
  });

  it.each<[string, string, string | Uint8Array, RegExp, [number, number]]>([
    ['a key twice', '.promptrc.yaml', 'tagPrefix: a\ntagPrefix: b\n', /unique/, [2, 1]],
    ['a key twice in JSON', '.promptrc.json', '{"tagPrefix": "a",\n "tagPrefix": "b"}', /unique/, [2, 2]],
    ['broken YAML', '.promptrc.yaml', 'prompts:\n  dir: [a\n', /./, [3, 1]],
    ['several documents', '.promptrc.yaml', 'a: 1\n---\nb: 2\n', /documents/, [2, 1]],
    ['broken JSON', '.promptrc.json', '{\n  "a": 1 "b": 2}\n', /is not JSON/, [2, 10]],
    ['comments in JSON', '.promptrc.json', '{} # no', /is not JSON/, [1, 4]],
    ['a broken package.json', 'package.json', '{"promptv": ', /is not JSON/, [1, 1]],
    [
      'a wrong value in package.json',
      'package.json',
      '{\n  "promptv": {\n    "tagPrefix": 1\n  }\n}',
      /tagPrefix must be a text/,
      [3, 5],
    ],
    ['a package.json without the key', 'package.json', '{}', /no key "promptv"/, [1, 1]],
    ['bytes that are not UTF-8', '.promptrc.yaml', Uint8Array.from([0x61, 0xff]), /UTF-8/, [1, 1]],
    ['too many bytes', '.promptrc.yaml', '#'.repeat(1024 * 1024 + 1), /1048577 bytes/, [1, 1]],
    ['an alias without anchor', '.promptrc.yaml', 'lint: *none\n', /alias/i, [1, 7]],
    ['a tag that is not known', '.promptrc.yaml', 'tagPrefix: !secret a\n', /tag/i, [1, 12]],
    ['a key that is a list', '.promptrc.yaml', '? [a]\n: 1\n', /key/i, [1, 3]],
    [
      'a value behind an alias',
      '.promptrc.yaml',
      'state: &a\n  branch: x\npush: *a\n',
      /push\.branch is no key/,
      [2, 3],
    ],
    ['a prototype key', '.promptrc.yaml', '__proto__:\n  x: 1\n', /__proto__ is no key/, [1, 1]],
  ])('refuses %s', async (_, name, content, message, [line, column]) => {
    const error = await errorOf(async () => readConfig(write(name, content)));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.details.problems).toEqual([
      expect.objectContaining({ message: expect.stringMatching(message), line, column }),
    ]);
  });

  it('stops at aliases that multiply and at endless nesting', async () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [at, letter] of [...'bcdefgh'].entries())
      bomb.push(`${letter}: &${letter} [${Array(9).fill(`*${'abcdefgh'[at]}`)}]`);
    expect((await errorOf(async () => readConfig(write('.promptrc.yaml', bomb.join('\n'))))).code).toBe(
      'CONFIG_INVALID',
    );
    const deep = '['.repeat(200_000);
    expect((await errorOf(async () => readConfig(write('.promptrc.yaml', `lint: ${deep}`)))).code).toBe(
      'CONFIG_INVALID',
    );
  });

  it('says so when the file is not there', async () => {
    expect((await errorOf(() => readConfig(join(top, 'none.yaml')))).code).toBe('CONFIG_NOT_FOUND');
  });
});

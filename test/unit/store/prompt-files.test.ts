import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPromptvError } from '../../../src/errors.ts';
import { readPromptFile } from '../../../src/store/prompt-file-content.ts';
import { listPromptFiles, type PromptFileOptions } from '../../../src/store/prompt-files.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prompt-files-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const write = (path: string, content: string | Uint8Array = 'content: x\n'): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

const link = (target: string, path: string): void => symlinkSync(target, join(root, path));

const list = async (
  options: Partial<PromptFileOptions> = {},
): Promise<{ files: string[]; problems: string[] }> => {
  const { files, problems } = await listPromptFiles(root, { dir: 'prompts', ...options });
  return {
    files: files.map(({ name, path }) => `${name} ${path}`),
    problems: problems.map(({ path, error }) => `${path} ${error.code}`),
  };
};

const codeOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
  } catch (error) {
    if (isPromptvError(error)) return error.code;
    throw error;
  }
  return 'none';
};

describe('the prompts of a workspace', () => {
  it.each(['prompts', 'prompts/deep', 'prompts/a/b'])('cannot be below a file: %s', async (dir) => {
    write('prompts');
    const refused = { code: 'PROMPTS_DIR_INVALID', details: { dir, path: 'prompts' } };
    await expect(list({ dir })).rejects.toMatchObject(refused);
  });

  it('are the files of the directory by name, without tests, hidden files and others', async () => {
    for (const path of [
      'z.yaml',
      'a/b.prompt.yml',
      'a/b.test.yaml',
      'C D.json',
      '.x.yaml',
      '.git/y.yaml',
      'n.md',
      'node_modules/m.json',
    ]) {
      write(`prompts/${path}`);
    }
    write('other/o.yaml');
    expect(await list()).toEqual({
      files: ['a/b prompts/a/b.prompt.yml', 'c-d prompts/C D.json', 'z prompts/z.yaml'],
      problems: [],
    });
  });

  it('are none in a directory that is not there', async () => {
    expect(await list()).toEqual({ files: [], problems: [] });
  });

  it('are listed beside files that cannot be prompts', async () => {
    for (const path of [
      'a.yaml',
      'a.json',
      'A.prompt.yaml',
      'ok.yaml',
      'bad@name.yaml',
      'nul.yaml',
      '1.2.3.yaml',
    ]) {
      write(`prompts/${path}`);
    }
    write('outside/secret.yaml');
    link('../outside/secret.yaml', 'prompts/link.yaml');
    link('../outside/secret.yaml', 'prompts/ok.json');
    link('../outside', 'prompts/folder');
    link('../nowhere', 'prompts/dangling.yaml');
    link('../outside/secret.yaml', 'prompts/README');
    expect(await list()).toEqual({
      files: ['ok prompts/ok.yaml'],
      problems: [
        'prompts/1.2.3.yaml NAME_INVALID',
        'prompts/A.prompt.yaml NAME_CLASH',
        'prompts/a.json NAME_CLASH',
        'prompts/a.yaml NAME_CLASH',
        'prompts/bad@name.yaml NAME_INVALID',
        'prompts/dangling.yaml FILE_SYMLINK',
        'prompts/folder FILE_SYMLINK',
        'prompts/link.yaml FILE_SYMLINK',
        'prompts/nul.yaml NAME_INVALID',
        'prompts/ok.json FILE_SYMLINK',
      ],
    });
  });

  it('can be narrowed with patterns, which also pass over links', async () => {
    for (const path of ['a/x.yaml', 'a/draft-y.yaml', 'b/z.yaml']) write(`prompts/${path}`);
    link('a/x.yaml', 'prompts/old.yaml');
    expect(await list({ include: ['a/**'], exclude: ['**/draft-*'] })).toEqual({
      files: ['a/x prompts/a/x.yaml'],
      problems: [],
    });
    expect(await list({ exclude: ['b/**', 'a/draft-y.yaml'] })).toEqual({
      files: ['a/x prompts/a/x.yaml'],
      problems: ['prompts/old.yaml FILE_SYMLINK'],
    });
  });

  it('can lie in the workspace itself, but not outside it or behind a link', async () => {
    write('a.yaml');
    write('prompts/b.yaml');
    link('prompts', 'linked');
    expect((await list({ dir: '.' })).files).toEqual(['a a.yaml', 'prompts/b prompts/b.yaml']);
    expect(await codeOf(() => list({ dir: '../x' }))).toBe('FILE_OUTSIDE');
    expect(await codeOf(() => list({ dir: 'linked' }))).toBe('FILE_SYMLINK');
  });
});

describe("a prompt's file", () => {
  const read = (path: string): ReturnType<typeof readPromptFile> =>
    readPromptFile({ name: 'x', path, absolutePath: join(root, path) }, { root, dir: 'prompts' });

  it('is read as its bytes', () => {
    write('prompts/a.yaml', Uint8Array.from([0xef, 0xbb, 0xbf, 0x0d, 0x0a]));
    write('prompts/empty.yaml', '');
    expect([...read('prompts/a.yaml').bytes]).toEqual([0xef, 0xbb, 0xbf, 0x0d, 0x0a]);
    expect(read('prompts/a.yaml').size).toBe(5);
    expect(read('prompts/empty.yaml').bytes).toHaveLength(0);
  });

  it.each([
    ['missing', 'prompts/gone.yaml', 'FILE_NOT_FOUND'],
    ['a link', 'prompts/link.yaml', 'FILE_SYMLINK'],
    ['behind a linked directory', 'prompts/folder/secret.yaml', 'FILE_OUTSIDE'],
    ['outside the directory', 'outside/secret.yaml', 'FILE_OUTSIDE'],
    ['over 1 MiB', 'prompts/big.yaml', 'FILE_TOO_LARGE'],
    ['an LFS pointer', 'prompts/lfs.yaml', 'FILE_LFS'],
    ['a directory', 'prompts/dir.yaml', 'FILE_ACCESS'],
  ])('that is %s is refused', async (_, path, code) => {
    write('outside/secret.yaml');
    write('prompts/big.yaml', new Uint8Array(1_048_577));
    write('prompts/lfs.yaml', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n');
    mkdirSync(join(root, 'prompts/dir.yaml'));
    link('../outside/secret.yaml', 'prompts/link.yaml');
    link('../outside', 'prompts/folder');
    expect(await codeOf(() => read(path))).toBe(code);
  });
});

describe('looking for some names only', () => {
  it('finds them in folders that are spelt otherwise, and their namesakes', async () => {
    for (const path of [
      'Team A/Greeting.yaml',
      'team-a/greeting.json',
      'v.yaml/x.yaml',
      'other/y.yaml',
      'z.yaml',
    ])
      write(`prompts/${path}`);
    expect(await list({ only: new Set(['team-a/greeting']) })).toEqual({
      files: [],
      problems: ['prompts/Team A/Greeting.yaml NAME_CLASH', 'prompts/team-a/greeting.json NAME_CLASH'],
    });
    expect((await list({ only: new Set(['v.yaml/x', 'z']) })).files).toEqual([
      'v.yaml/x prompts/v.yaml/x.yaml',
      'z prompts/z.yaml',
    ]);
    expect(await list({ only: new Set(['missing/z']) })).toEqual({ files: [], problems: [] });
  });
});

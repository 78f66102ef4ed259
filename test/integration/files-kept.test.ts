import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotate, bundle, doctor, init, newPrompt, promote, rename, save } from '../../src/index.ts';
import { installHooks, uninstallHooks } from '../../src/operations/hooks/install.ts';
import { installHook } from '../helpers/in-workspace.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { call, textPrompt, withRepo } from '../helpers/work-in.ts';

const files = { 'prompts/a.yaml': textPrompt('One'), 'prompts/b.yaml': 'content: "{{> a}}"\n' };
const program = { node: '/opt/nöde', script: '/opt/promptv.js' };
const husky = { '.husky/_/.keep': '', 'shared/pre-commit': 'true\n' };

/** A folder beside the repository, with a file that is somebody else's. */
const makeOutside = (repo: TempRepo, file: string): string => {
  const folder = join(repo.root, 'outside');
  repo.write(join(folder, file), 'mine');
  return folder;
};

describe.concurrent('what promptv writes', () => {
  it('goes into a pipe that is named for it, which stays one', () =>
    withRepo({ files }, async (repo) => {
      const pipe = join(repo.dir, 'pipe');
      execFileSync('mkfifo', [pipe]);
      // Open for both, so that nobody waits for the other end.
      const end = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
      try {
        const { raw } = await call(repo, bundle, { output: 'pipe' });
        const read = Buffer.alloc(raw.length);
        readSync(end, read);
        expect(read.toString('utf8')).toBe(raw);
      } finally {
        closeSync(end);
      }
      expect(statSync(pipe).isFIFO()).toBe(true);
    }));

  it.each(['.promptrc.yaml', '.gitignore', 'out.json'])('replaces no link that leads nowhere: %s', (path) =>
    withRepo({ files }, async (repo) => {
      symlinkSync('../not-mounted', join(repo.dir, path));
      const written = path === 'out.json' ? call(repo, bundle, { output: path }) : call(repo, init, {});
      await expect(written).rejects.toMatchObject({ code: 'FILE_SYMLINK' });
      expect(lstatSync(join(repo.dir, path)).isSymbolicLink()).toBe(true);
    }));

  it('does not go through a linked folder, neither a prompt nor a state', () =>
    withRepo({ files }, async (repo) => {
      await call(repo, save, {});
      const outside = makeOutside(repo, 'a.json');
      mkdirSync(join(repo.dir, '.promptv/environments'), { recursive: true });
      symlinkSync(outside, join(repo.dir, '.promptv/environments/development'));
      symlinkSync(outside, join(repo.dir, 'prompts/linked'));
      const promoted = call(repo, promote, { refs: ['a'], environment: 'development' });
      await expect(promoted).rejects.toMatchObject({ code: 'FILE_SYMLINK' });
      for (const asked of [
        call(repo, newPrompt, { name: 'linked/new' }),
        call(repo, rename, { from: 'a', to: 'linked/new' }),
      ])
        await expect(asked).rejects.toMatchObject({ code: 'FILE_SYMLINK' });
      expect(readFileSync(join(outside, 'a.json'), 'utf8')).toBe('mine');
      expect(existsSync(join(outside, 'new.yaml'))).toBe(false);
    }));
});

describe.concurrent('a decision', () => {
  it('that was killed leaves the line endings of a checkout, when the next one clears up', () =>
    withRepo({ files }, async (repo) => {
      const path = '.promptv/environments/development/a.json';
      await call(repo, save, {});
      await call(repo, promote, { refs: ['a'], environment: 'development' });
      repo.git('config', 'core.autocrlf', 'true');
      const before = repo.read(path).replaceAll('\n', '\r\n');
      repo.write(path, 'torn');
      const digest = createHash('sha256').update('torn').digest('hex');
      repo.write('.git/promptv-pending.json', JSON.stringify({ [join(repo.dir, path)]: digest }));
      await call(repo, annotate, { ref: 'b@1.0.0', text: 'Seen.' });
      expect(repo.read(path)).toBe(before);
    }));

  it('that a hook refuses leaves the line endings of a checkout, so that the next can be made', () =>
    withRepo({ files }, async (repo) => {
      const path = '.promptv/environments/development/a.json';
      await call(repo, save, {});
      await call(repo, promote, { refs: ['a'], environment: 'development' });
      repo.git('config', 'core.autocrlf', 'true');
      rmSync(join(repo.dir, path));
      repo.git('checkout', '--', path);
      const before = repo.read(path);
      expect(before).toContain('\r\n');
      repo.write('prompts/a.yaml', textPrompt('Two'));
      await call(repo, save, { names: ['a'] });
      installHook(repo, 'pre-commit', 'exit 1');
      const again = () => call(repo, promote, { refs: ['a'], environment: 'development' });
      await expect(again()).rejects.toMatchObject({ code: 'HOOK_REFUSED' });
      expect(repo.read(path)).toBe(before);
      repo.git('config', 'core.hooksPath', '/dev/null');
      expect(await again()).toMatchObject({ commit: repo.git('rev-parse', 'HEAD') });
    }));
});

describe.concurrent('rename', () => {
  it('moves bytes and permissions as they are, of what is no UTF-8 too', () =>
    withRepo({ files: {} }, async (repo) => {
      const bytes = Buffer.from('content: caf\xe9\n', 'latin1');
      repo.write('prompts/old.yaml', bytes);
      repo.write('prompts/old.test.snap', '\uFEFF{}\n');
      chmodSync(join(repo.dir, 'prompts/old.yaml'), 0o755);
      repo.git('add', '.');
      repo.git('commit', '--quiet', '-m', 'Old');
      installHook(repo, 'pre-commit', 'exit 1');
      await expect(call(repo, rename, { from: 'old', to: 'new' })).rejects.toMatchObject({
        code: 'HOOK_REFUSED',
      });
      expect(repo.git('status', '--short')).toBe('');
      repo.git('config', 'core.hooksPath', '/dev/null');
      await call(repo, rename, { from: 'old', to: 'new' });
      expect(readFileSync(join(repo.dir, 'prompts/new.yaml'))).toEqual(bytes);
      expect(repo.git('ls-files', '--stage', 'prompts/new.yaml')).toMatch(/^100755 /);
      expect(repo.read('prompts/new.test.snap')).toBe('\uFEFF{}\n');
    }));

  it('puts everything back when a file cannot be written', () =>
    withRepo({ files: { ...files, 'prompts/a.test.yaml': '[]\n' } }, async (repo) => {
      mkdirSync(join(repo.dir, 'prompts/z.test.yaml'));
      await expect(call(repo, rename, { from: 'a', to: 'z' })).rejects.toMatchObject({ code: 'FILE_ACCESS' });
      expect(repo.git('status', '--short')).toBe('');
    }));

  it('says what it cannot put back, and puts back the rest', () =>
    withRepo({ files }, async (repo) => {
      installHook(repo, 'pre-commit', 'mkdir prompts/a.yaml; exit 1');
      await expect(call(repo, rename, { from: 'a', to: 'z' })).rejects.toMatchObject({
        code: 'FILE_ACCESS',
        message: expect.stringContaining('prompts/a.yaml'),
      });
      expect(repo.git('status', '--short')).toBe(' D prompts/a.yaml');
    }));

  it.each(['untracked', 'ignored'])('rewrites a dependant that is %s and leaves it so', (state) =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      if (state === 'ignored') repo.write('.git/info/exclude', 'prompts/b.yaml\n');
      repo.write('prompts/b.yaml', files['prompts/b.yaml']);
      await call(repo, rename, { from: 'a', to: 'z' });
      expect(repo.read('prompts/b.yaml')).toBe('content: "{{> z}}"\n');
      expect(repo.git('status', '--short')).toBe(state === 'ignored' ? '' : '?? prompts/b.yaml');
    }));
});

describe.concurrent('doctor', () => {
  const keeps = async (repo: TempRepo, name: string): Promise<void> => {
    expect((await call(repo, doctor, { fix: true })).findings).toEqual([]);
    expect(repo.read(`prompts/${name}`)).toBe('mine');
  };

  it.each(['a.yaml.1', 'a.yaml.2', 'a.yaml.20240115'])('takes %s for the copy that somebody made', (name) =>
    withRepo({ files }, async (repo) => {
      repo.write(`prompts/${name}`, 'mine');
      await keeps(repo, name);
    }));

  it('takes a copy for one that has the moment when it was made in its name, or is tracked', () =>
    withRepo({ files: { ...files, 'prompts/a.yaml.1234567890': 'mine' } }, async (repo) => {
      const now = Math.floor(Date.now() / 1000);
      repo.write(`prompts/a.yaml.${now}`, 'mine');
      repo.write('prompts/a.yaml.1717171717', 'mine');
      utimesSync(join(repo.dir, 'prompts/a.yaml.1717171717'), 1717171718, 1717171718);
      for (const moment of [now, 1717171717, 1234567890]) await keeps(repo, `a.yaml.${moment}`);
    }));

  it('takes every other such number for what a killed write left', () =>
    withRepo({ files }, async (repo) => {
      for (const number of [1912234499, 1600000000, 4294967295])
        repo.write(`prompts/a.yaml.${number}`, 'torn');
      const { findings } = await call(repo, doctor, { fix: true });
      expect(findings.map(({ id }) => id)).toEqual(['TEMPORARY_FILE', 'TEMPORARY_FILE', 'TEMPORARY_FILE']);
      expect(repo.git('status', '--short')).toBe('');
    }));
});

describe.concurrent('hooks', () => {
  const hook = '.git/hooks/pre-commit';

  it('are not taken away with what a person wrote into them', () =>
    withRepo({ files }, async (repo) => {
      await call(repo, installHooks, { program });
      const edited = `${repo.read(hook)}npm test\n`;
      repo.write(hook, edited);
      await expect(call(repo, uninstallHooks, {})).rejects.toMatchObject({ code: 'HOOK_EDITED' });
      expect(repo.read(hook)).toBe(edited);
    }));

  it('that cannot be installed leave the one that was there in force', () =>
    withRepo({ files }, async (repo) => {
      repo.write(hook, '#!/bin/sh\n');
      mkdirSync(join(repo.dir, `${hook}.promptv-new`));
      await expect(call(repo, installHooks, { program })).rejects.toThrow('pre-commit');
      expect(repo.read(hook)).toBe('#!/bin/sh\n');
    }));

  it('of husky keep their link and every byte', () =>
    withRepo({ files: { ...files, ...husky } }, async (repo) => {
      const before = Buffer.from('echo caf\xe9\n', 'latin1');
      repo.write('shared/pre-commit', before);
      symlinkSync('../shared/pre-commit', join(repo.dir, '.husky/pre-commit'));
      repo.git('config', 'core.hooksPath', '.husky/_');
      await call(repo, installHooks, { program });
      expect(repo.read('shared/pre-commit')).toContain('promptv hooks run pre-commit');
      await call(repo, uninstallHooks, {});
      expect(lstatSync(join(repo.dir, '.husky/pre-commit')).isSymbolicLink()).toBe(true);
      expect(readFileSync(join(repo.dir, 'shared/pre-commit'))).toEqual(before);
    }));
});

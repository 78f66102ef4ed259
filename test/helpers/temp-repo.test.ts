import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { killAtGitCall, killAtWrite, withGitCounter, withWriteCounter } from './kill-points.ts';
import { createTempRepo, projectRoot, type TempRepo, type TempRepoOptions } from './temp-repo.ts';

const repos: TempRepo[] = [];
const make = (options?: TempRepoOptions): TempRepo => {
  const repo = createTempRepo(options);
  repos.push(repo);
  return repo;
};
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

/** Writes a script that passes for the command, so that the preloaded module watches it. */
const writeScript = (repo: TempRepo, text: string): string => {
  const path = join(repo.dir, 'promptv.js');
  writeFileSync(path, text);
  return path;
};

describe('a temporary repository', () => {
  it('has one commit with the fixed identity and date on main', () => {
    const repo = make({ files: { 'a/b.txt': 'x\n' } });
    expect(repo.git('log', '--format=%an <%ae> %at %cn %s')).toBe(
      'Test Author <author@example.com> 1714979289 Test Author Start',
    );
    expect(repo.git('branch', '--show-current')).toBe('main');
    expect(repo.git('ls-files')).toBe('a/b.txt');
  });

  it('sees no configuration but its own', () => {
    const repo = make();
    const origins = repo.git('config', '--list', '--show-origin', '--name-only').split('\n');
    const foreign = origins.filter(
      (line) => !line.includes(`${repo.root}/home/`) && !line.startsWith('file:.git/'),
    );
    expect(foreign).toEqual([]);
  });

  it('passes no variable of the caller on but PATH', async () => {
    const repo = make();
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    vi.stubEnv('GIT_INDEX_FILE', '/nowhere/index');
    const run = await repo.node('-p', ['JSON.stringify(process.env)']);
    vi.unstubAllEnvs();
    const names = Object.keys(run.json()).filter((name) => !name.startsWith('GIT_'));
    expect(names.sort()).toEqual(['HOME', 'LC_ALL', 'PATH', 'TMPDIR', 'TZ', 'XDG_CONFIG_HOME']);
    expect(run.json()).not.toHaveProperty('GIT_INDEX_FILE');
  });

  it('refuses to lie inside the project', () => {
    expect(() => createTempRepo({ parent: join(projectRoot, 'test') })).toThrow('inside the project');
    expect(() => createTempRepo({ parent: projectRoot })).toThrow('inside the project');
  });

  it('copies the prompts that are named', () => {
    const repo = make({ prompts: ['shared'] });
    expect(repo.git('ls-files').split('\n')).toContain('prompts/shared/tone.yaml');
    expect(repo.git('ls-files')).not.toContain('support');
  });

  it('leaves HEAD unborn, or makes no repository at all, when told to', () => {
    expect(() => make({ commit: false }).git('rev-parse', '--verify', 'HEAD')).toThrow(
      'Needed a single revision',
    );
    expect(() => make({ init: false }).git('status')).toThrow('not a git repository');
  });

  it('clones its remote, and removes the clone alone', () => {
    const repo = make({ remote: true, files: { 'a.txt': 'x' } });
    const clone = repo.clone('--depth', '1');
    expect(clone.read('a.txt')).toBe('x');
    expect(clone.git('rev-parse', '--is-shallow-repository')).toBe('true');
    expect(clone.git('remote', 'get-url', 'origin')).toContain('origin.git');
    clone.remove();
    expect(existsSync(clone.dir)).toBe(false);
    expect(existsSync(repo.dir)).toBe(true);
    repo.remove();
    expect(existsSync(repo.root)).toBe(false);
  });

  it('throws with the stderr of git', () => {
    expect(() => make().git('checkout', 'nowhere')).toThrow(
      /git checkout nowhere failed: .*pathspec 'nowhere'/,
    );
  });
});

describe('a program run there', () => {
  it('gives exit code, both streams, and what it read on stdin', async () => {
    const script = "process.stdin.pipe(process.stdout); console.error('oops'); process.exitCode = 3";
    const run = await make().node('-e', [script], { input: '{"a":1}' });
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([3, '{"a":1}', 'oops\n']);
    expect(run.json()).toEqual({ a: 1 });
    expect(() => run.error()).toThrow('stderr: oops');
  });

  it('reads the coded error on the last line of stderr', async () => {
    const script = 'console.error(`note\\n{"error":{"code":"USAGE","message":"m","hint":"h"}}`)';
    const run = await make().node('-e', [script]);
    expect(run.error().code).toBe('USAGE');
    expect(() => run.json()).toThrow('stdout: ');
  });

  it('drops a variable that is set to undefined', async () => {
    const env = { GIT_AUTHOR_NAME: undefined, EXTRA: 'yes' };
    const run = await make().node('-p', ['JSON.stringify(process.env)'], { env });
    expect(run.json()).toMatchObject({ EXTRA: 'yes', GIT_AUTHOR_EMAIL: 'author@example.com' });
    expect(run.json()).not.toHaveProperty('GIT_AUTHOR_NAME');
  });
});

const callGit = `
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
execFileSync('git', ['config', 'one.first', 'a b']);
execFileSync('git', ['config', 'one.second', "it's\\n2"]);
console.log('between');
`;

describe('the git counter', () => {
  it('notes each call on one line and lets git do its work', async () => {
    const repo = make();
    const counter = withGitCounter(repo);
    const run = await repo.node(writeScript(repo, callGit), [], { env: counter.env });
    expect(run.exitCode).toBe(0);
    expect(counter.calls()).toEqual(['config one.first a b', "config one.second it's 2"]);
    expect(repo.git('config', 'one.second')).toBe("it's\n2");
  });

  it('gives parallel calls a number each', async () => {
    const repo = make();
    const counter = withGitCounter(repo);
    const script = `
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
await Promise.all(Array.from({ length: 8 }, (_, i) => promisify(execFile)('git', ['version', '--build-options', '-' + i]).catch(() => {})));
`;
    await repo.node(writeScript(repo, script), [], { env: counter.env });
    expect(counter.calls().sort()).toEqual(
      Array.from({ length: 8 }, (_, i) => `version --build-options -${i}`),
    );
  });

  it.each([
    { nth: 1, moment: 'before', first: false, second: false },
    { nth: 1, moment: 'after', first: true, second: false },
    { nth: 2, moment: 'before', first: true, second: false },
    { nth: 2, moment: 'after', first: true, second: true },
  ] as const)('kills the caller $moment call $nth', async ({ nth, moment, first, second }) => {
    const repo = make();
    const run = await repo.node(writeScript(repo, callGit), [], { env: killAtGitCall(repo, nth, moment) });
    expect(run.signal).toBe('SIGKILL');
    expect(run.stdout).toBe('');
    const keys = repo.git('config', '--local', '--list');
    expect([keys.includes('one.first'), keys.includes('one.second')]).toEqual([first, second]);
  });

  it('kills nobody when there is no such call', async () => {
    const repo = make();
    const run = await repo.node(writeScript(repo, callGit), [], { env: killAtGitCall(repo, 3, 'before') });
    expect([run.exitCode, run.stdout]).toEqual([0, 'between\n']);
  });
});

/** Each writes `out` in a temporary file and renames it, in another of node's ways. */
const writers = {
  'promises, named import': `
import { rename, writeFile } from 'node:fs/promises';
await writeFile('tmp', 'x');
await rename('tmp', 'out');`,
  'sync, named import': `
import { renameSync, writeFileSync } from 'node:fs';
writeFileSync('tmp', 'x');
renameSync('tmp', 'out');`,
  'callbacks made promises, required': `
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
const fs = createRequire(import.meta.url)('fs');
const fd = await promisify(fs.open)('tmp', 'w');
const { bytesWritten } = await promisify(fs.write)(fd, Buffer.from('x'), 0, 1, 0);
if (bytesWritten !== 1) throw new Error('promisify lost its argument names');
await promisify(fs.rename)('tmp', 'out');`,
  'file handle': `
import { open, rename } from 'node:fs/promises';
const handle = await open('tmp', 'wx');
await handle.writeFile('x');
await handle.close();
await rename('tmp', 'out');`,
};

describe('the write counter', () => {
  it.each(Object.entries(writers))('notes every change (%s), ending with the rename', async (_, text) => {
    const repo = make();
    const counter = withWriteCounter(repo);
    const run = await repo.node(writeScript(repo, text), [], { env: counter.env });
    expect(run.stderr).toBe('');
    expect(counter.writes().at(-1)).toMatch(/^rename(Sync)? tmp$/);
    expect(counter.writes().length).toBeGreaterThanOrEqual(2);
    expect(repo.read('out')).toBe('x');
  });

  it.each(Object.entries(writers))('kills before and after the rename (%s)', async (_, text) => {
    const repo = make();
    const script = writeScript(repo, text);
    const counter = withWriteCounter(repo);
    await repo.node(script, [], { env: counter.env });
    rmSync(join(repo.dir, 'out'));
    const last = counter.writes().length;
    const before = await repo.node(script, [], { env: killAtWrite(repo, last, 'before') });
    expect([before.signal, existsSync(join(repo.dir, 'out'))]).toEqual(['SIGKILL', false]);
    rmSync(join(repo.dir, 'tmp'));
    const after = await repo.node(script, [], { env: killAtWrite(repo, last, 'after') });
    expect([after.signal, existsSync(join(repo.dir, 'out'))]).toEqual(['SIGKILL', true]);
  });

  it('counts no reading and no printing, and leaves other programs alone', async () => {
    const repo = make();
    const counter = withWriteCounter(repo);
    const reading = `
import fs, { readFileSync, writeSync } from 'node:fs';
readFileSync('promptv.js');
fs.closeSync(fs.openSync('promptv.js', 'r'));
writeSync(1, 'printed');`;
    const run = await repo.node(writeScript(repo, reading), [], { env: counter.env });
    expect([run.stdout, counter.writes()]).toEqual(['printed', []]);
    const other = join(mkdtempSync(join(repo.root, 'other-')), 'hook.mjs');
    writeFileSync(other, "import { writeFileSync } from 'node:fs'; writeFileSync('x', '');");
    await repo.node(other, [], { env: counter.env });
    expect(counter.writes()).toEqual([]);
  });
});

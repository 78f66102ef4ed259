import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeOf, gitState, promptText, saveIn, versionTags } from '../helpers/in-workspace.ts';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const make = (files: Readonly<Record<string, string>> = {}): TempRepo => {
  const repo = createTempRepo({ files: { 'prompts/greet.yaml': promptText('Hello.'), ...files } });
  repos.push(repo);
  return repo;
};
afterAll(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const numbers = Array.from({ length: 16 }, (_, n) => n);
const lockOf = (repo: TempRepo): string => join(repo.dir, '.git/promptv.lock');

interface Saved {
  readonly saved: readonly { readonly prompt: string; readonly version: string; readonly commit: string }[];
}

/** Writes as an editor does: whole or not at all. */
const writeWhole = (repo: TempRepo, path: string, text: string, n: number): void => {
  const temporary = join(repo.dir, `.git/edit-${n}`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(repo.dir, path));
};

describe('16 saves at once', () => {
  it('of different prompts give each its version and its commit, and lose nothing', async () => {
    const repo = make();
    for (const n of numbers) repo.write(`prompts/p${n}.yaml`, promptText(`Number ${n}.`));
    const runs = await Promise.all(numbers.map((n) => repo.promptv(['save', `p${n}`, '--json'])));
    expect(runs.map(({ exitCode, stdout, stderr }) => [exitCode, stdout === '' ? stderr : ''])).toEqual(
      numbers.map(() => [0, '']),
    );
    const saved = runs.flatMap((run) => run.json<Saved>().saved);
    expect(saved.map(({ prompt, version }) => `${prompt}@${version}`)).toEqual(
      numbers.map((n) => `p${n}@1.0.0`),
    );
    expect(new Set(saved.map(({ commit }) => commit)).size).toBe(16);
    for (const n of numbers) {
      const path = `prompts/p${n}.yaml`;
      expect(repo.git('show', `prompts/p${n}@1.0.0^{commit}:${path}`)).toBe(
        promptText(`Number ${n}.`).trim(),
      );
    }
    expect([repo.git('status', '--porcelain'), repo.git('rev-list', '--count', 'HEAD')]).toEqual(['', '17']);
    expect(existsSync(lockOf(repo))).toBe(false);
  });

  it('of one prompt, each with its own text, give versions without a gap, each with its own text', async () => {
    const repo = make();
    const runs = await Promise.all(
      numbers.map(async (n) => {
        writeWhole(repo, 'prompts/greet.yaml', promptText(`Text ${n}.`), n);
        return repo.promptv(['save', 'greet', '--json']);
      }),
    );
    for (const run of runs) if (run.exitCode !== 0) expect(['STALE_READ']).toContain(run.error().code);
    const versions = runs
      .flatMap((run) => (run.exitCode === 0 ? run.json<Saved>().saved : []))
      .map(({ version }) => version)
      .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)));
    expect(versions).toEqual(versions.map((_, n) => `1.0.${n}`));
    expect(versionTags(repo).length).toBe(versions.length);
    // What is on disk now is either the newest version or can be saved as the next one.
    await saveIn(repo);
    const blobs = versionTags(repo).map((tag) =>
      repo.git('rev-parse', `prompts/${tag}^{commit}:prompts/greet.yaml`),
    );
    expect(new Set(blobs).size).toBe(blobs.length);
    expect(repo.git('rev-parse', 'HEAD:prompts/greet.yaml')).toBe(
      repo.git('hash-object', 'prompts/greet.yaml'),
    );
    expect([repo.git('status', '--porcelain'), existsSync(lockOf(repo))]).toEqual(['', false]);
  });
});

describe('the lock', () => {
  it('of a process that is dead on this machine is taken over at once', async () => {
    const repo = make();
    const { pid } = spawnSync(process.execPath, ['--version']);
    const holder = { pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(lockOf(repo), `${JSON.stringify(holder)}\n`);
    const started = performance.now();
    expect((await saveIn(repo)).saved).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(existsSync(lockOf(repo))).toBe(false);
  });

  it('of a living process is waited for, which stderr says', async () => {
    const repo = make();
    const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(lockOf(repo), `${JSON.stringify(holder)}\n`);
    const command = [join(projectRoot, 'bin/promptv.js'), 'save', 'greet'];
    const child = spawn(process.execPath, command, { cwd: repo.dir, env: repo.env });
    const [said] = await once(child.stderr, 'data');
    expect(String(said)).toContain(`waiting for another promptv (process ${process.pid} on ${hostname()})`);
    expect(versionTags(repo)).toEqual([]);
    rmSync(lockOf(repo));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(versionTags(repo)).toEqual(['greet@1.0.0']);
  });
});

describe("another git's index.lock", () => {
  const cases = [
    { file: 'a tracked file', name: 'greet' },
    { file: 'a new file', name: 'fresh' },
  ];
  it.concurrent.each(cases)('held for a moment is waited for ($file)', async ({ name }) => {
    const repo = make();
    repo.write(`prompts/${name}.yaml`, promptText('Hi.'));
    writeFileSync(join(repo.dir, '.git/index.lock'), '');
    const running = saveIn(repo, { names: [name] });
    setTimeout(() => rmSync(join(repo.dir, '.git/index.lock')), 300);
    expect((await running).saved).toMatchObject([{ prompt: name, version: '1.0.0' }]);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it.concurrent.each(cases)('held for ever ends the save of $file with nothing half done', async ({
    name,
  }) => {
    const repo = make();
    repo.write(`prompts/${name}.yaml`, promptText('Hi.'));
    const state = gitState(repo);
    writeFileSync(join(repo.dir, '.git/index.lock'), '');
    expect(await codeOf(saveIn(repo, { names: [name] }))).toBe('INDEX_LOCKED');
    expect([gitState(repo), versionTags(repo), existsSync(lockOf(repo))]).toEqual([state, [], false]);
    expect(existsSync(join(repo.dir, '.git/index.lock'))).toBe(true);
  });
});

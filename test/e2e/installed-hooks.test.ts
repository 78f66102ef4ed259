import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { installHook, versionTags } from '../helpers/in-workspace.ts';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';
import { findTool } from '../helpers/tools.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const good = 'description: Greets.\ncontent: Greet the customer by name.\n';
const bad = 'description: Greets.\ncontent: Greet {{nobody}} by name, please.\n';

const makeRepo = (files: Readonly<Record<string, string>> = {}): TempRepo => {
  const repo = createTempRepo({ files: { 'prompts/a.yaml': good, 'notes.txt': 'one\n', ...files } });
  repos.push(repo);
  return repo;
};

const installed = async (repo: TempRepo): Promise<TempRepo> => {
  expect((await repo.promptv(['hooks', 'install'])).exitCode).toBe(0);
  return repo;
};

/** The message of a commit that was refused; null when it was made. */
const commit = (repo: TempRepo, ...args: string[]): string | null => {
  try {
    repo.git('commit', '--quiet', '-m', 'Mine', ...args);
    return null;
  } catch (error) {
    return String(error);
  }
};

const hookPath = (repo: TempRepo, name = 'pre-commit'): string => join(repo.dir, '.git/hooks', name);

describe('the installed pre-commit hook', () => {
  it('lints exactly what git is committing', async () => {
    const repo = await installed(makeRepo());
    repo.write('prompts/a.yaml', bad);
    repo.write('notes.txt', 'two\n');
    expect(commit(repo, 'notes.txt')).toBeNull();
    expect(commit(repo, 'prompts/a.yaml')).not.toBeNull();
    expect(commit(repo, '-a')).not.toBeNull();
    repo.write('prompts/a.yaml', good.replace('name', 'first name'));
    repo.git('add', '.');
    repo.write('prompts/a.yaml', bad);
    expect(commit(repo)).toBeNull();
    expect(repo.git('status', '--porcelain')).toBe(
      ' M prompts/a.yaml'.trim() === 'x' ? '' : ' M prompts/a.yaml',
    );
  });

  it('shows the problem, and --no-verify goes past it', async () => {
    const repo = await installed(makeRepo());
    repo.write('prompts/a.yaml', bad);
    expect(commit(repo, '-a', '--no-verify')).toBeNull();
    repo.write('prompts/a.yaml', bad.replace('please', 'now'));
    repo.git('add', '.');
    const run = await repo.promptv(['hooks', 'run', 'pre-commit']);
    expect([run.exitCode, run.stdout]).toEqual([3, expect.stringContaining('prompts/a.yaml:2:18')]);
    expect(run.stderr).toContain('Mend what needs no decision in 1 file: promptv lint --fix\n');
    expect(run.stderr).toMatch(/promptv stops this commit\. .*git commit --no-verify/);
  });

  it('keeps the hook that was there, runs it after ours, and gives it back', async () => {
    const repo = makeRepo();
    installHook(repo, 'pre-commit', 'echo "$0 $#" >>ran.log');
    const before = readFileSync(hookPath(repo), 'utf8');
    await installed(repo);
    await installed(repo);
    repo.write('notes.txt', 'two\n');
    expect(commit(repo, '-a')).toBeNull();
    expect(repo.read('ran.log').trim().split('\n')).toHaveLength(1);
    repo.write('prompts/a.yaml', bad);
    expect(commit(repo, '-a')).not.toBeNull();
    expect(repo.read('ran.log').trim().split('\n')).toHaveLength(1);
    expect((await repo.promptv(['hooks', 'status', '--json'])).json()).toMatchObject({
      manager: 'git',
      hooks: [
        { name: 'pre-commit', state: 'chained' },
        { name: 'post-commit', state: 'absent' },
      ],
    });
    await repo.promptv(['hooks', 'uninstall']);
    expect(readFileSync(hookPath(repo), 'utf8')).toBe(before);
    expect(existsSync(hookPath(repo, 'pre-commit.before-promptv'))).toBe(false);
  });

  it('fails with the hook that was there', async () => {
    const repo = makeRepo();
    installHook(repo, 'pre-commit', 'exit 4');
    await installed(repo);
    expect(commit(repo, '--allow-empty')).not.toBeNull();
  });

  it('goes where core.hooksPath says, and not where others share it', async () => {
    const repo = makeRepo();
    repo.git('config', 'core.hooksPath', '.githooks');
    await installed(repo);
    expect(existsSync(join(repo.dir, '.githooks/pre-commit'))).toBe(true);
    repo.git('config', 'core.hooksPath', repo.root);
    const refused = await repo.promptv(['hooks', 'install', '--json']);
    expect([refused.exitCode, refused.error().code]).toEqual([1, 'HOOKS_SHARED']);
  });

  it('runs no program out of the work tree', async () => {
    const repo = await installed(makeRepo());
    for (const path of ['node_modules/.bin/promptv', 'promptv', 'bin/promptv.js']) {
      repo.write(path, `#!/bin/sh\ntouch '${join(repo.root, 'owned')}'\n`);
      chmodSync(join(repo.dir, path), 0o755);
    }
    repo.git('add', '--force', '.');
    expect(commit(repo)).toBeNull();
    expect(existsSync(join(repo.root, 'owned'))).toBe(false);
  });

  it('changes nothing in a dry run, and comes with init --hooks', async () => {
    const repo = makeRepo();
    await repo.promptv(['hooks', 'install', '--dry-run']);
    expect(existsSync(hookPath(repo))).toBe(false);
    expect((await repo.promptv(['init', '--hooks', '--json'])).json()).toMatchObject({
      hooks: { hooks: [{ state: 'installed', changed: true }, { state: 'absent' }] },
    });
    expect(existsSync(hookPath(repo))).toBe(true);
  });
});

describe('the installed post-commit hook', () => {
  const versioning = async (): Promise<TempRepo> =>
    installed(
      makeRepo({ '.promptrc.yaml': 'hooks: { saveBranches: [main] }\n', '.gitignore': '.promptv/\n' }),
    );
  const changed = (word: string): string => good.replace('customer', word);

  it('versions what was committed and leaves what is edited meanwhile', async () => {
    const repo = await versioning();
    repo.write('prompts/a.yaml', changed('guest'));
    repo.write('prompts/b.yaml', good);
    repo.git('add', 'prompts/a.yaml');
    expect(commit(repo)).toBeNull();
    expect(versionTags(repo)).toEqual(['a@1.0.0']);
    expect(repo.git('rev-parse', 'prompts/a@1.0.0^{commit}')).toBe(repo.git('rev-parse', 'HEAD'));
    repo.write('prompts/a.yaml', changed('visitor'));
    repo.git('add', '.');
    repo.write('prompts/a.yaml', changed('stranger'));
    expect(commit(repo)).toBeNull();
    expect(versionTags(repo)).toEqual(['a@1.0.0', 'b@1.0.0']);
  });

  it('does nothing on other branches, detached, or in a merge, cherry-pick, revert or rebase', async () => {
    const repo = await versioning();
    repo.git('checkout', '--quiet', '-b', 'work');
    repo.write('prompts/a.yaml', changed('guest'));
    expect(commit(repo, '-a')).toBeNull();
    repo.git('checkout', '--quiet', '--detach');
    repo.write('prompts/a.yaml', changed('visitor'));
    expect(commit(repo, '-a')).toBeNull();
    repo.git('checkout', '--quiet', 'main');
    // Else the fixed dates would make the picked commit the one it is picked from.
    repo.write('notes.txt', 'two\n');
    expect(commit(repo, '-a')).toBeNull();
    repo.git('cherry-pick', 'work');
    repo.git('revert', '--no-edit', 'HEAD');
    repo.git('merge', '--quiet', '--no-ff', '--no-commit', 'work');
    expect(commit(repo)).toBeNull();
    repo.git('checkout', '--quiet', '-B', 'main', 'work');
    repo.git('rebase', '--quiet', '--force-rebase', 'HEAD~1');
    expect(versionTags(repo)).toEqual([]);
  });

  it('never waits for another promptv and never fails the commit', async () => {
    const repo = await versioning();
    const holder = { pid: process.pid, host: 'elsewhere.example', since: new Date().toISOString() };
    writeFileSync(join(repo.dir, '.git/promptv.lock'), JSON.stringify(holder));
    repo.write('prompts/a.yaml', changed('guest'));
    expect(commit(repo, '-a')).toBeNull();
    expect(versionTags(repo)).toEqual([]);
    const run = await repo.promptv(['hooks', 'run', 'post-commit', '--json']);
    expect([run.exitCode, run.json()]).toEqual([0, expect.objectContaining({ skipped: 'locked' })]);
  });

  it('has nothing to do within the commit of a save', async () => {
    const repo = await versioning();
    repo.write('prompts/a.yaml', changed('guest'));
    expect((await repo.promptv(['save'])).exitCode).toBe(0);
    expect(versionTags(repo)).toEqual(['a@1.0.0']);
  });
});

/** A folder with a `promptv` for the PATH. */
const withPromptv = (repo: TempRepo): Record<string, string> => {
  const bin = join(repo.root, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(projectRoot, 'bin/promptv.js'), join(bin, 'promptv'));
  return { ...repo.env, PATH: `${bin}${delimiter}${repo.env.PATH}` };
};

/** The code of a page's fenced block with this word in its first line. */
const snippet = (word: string, page = 'docs/hooks.md'): string =>
  new RegExp(`\`\`\`\\w+ ${word}\\n([\\s\\S]*?)\`\`\``).exec(
    readFileSync(join(projectRoot, page), 'utf8'),
  )?.[1] ?? '';

const runIn = (repo: TempRepo, env: Record<string, string>, [program = '', ...args]: string[]): boolean => {
  try {
    execFileSync(program, args, { cwd: repo.dir, env, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
};

describe('beside other programs', () => {
  const husky = findTool('node_modules/husky/bin.js');
  const lefthook = findTool('node_modules/lefthook/bin/index.js');

  /** A bad prompt is refused, a good one committed. */
  const expectLinting = (repo: TempRepo, env: Record<string, string>): void => {
    const mine = ['git', 'commit', '--quiet', '-a', '-m', 'Mine'];
    repo.write('prompts/a.yaml', bad);
    expect(runIn(repo, env, mine)).toBe(false);
    repo.write('prompts/a.yaml', good.replace('customer', 'guest'));
    expect(runIn(repo, env, mine)).toBe(true);
  };

  it('works as the README installs it, which shows the same lines for pre-commit as the page on hooks', () => {
    const repo = makeRepo();
    const env = withPromptv(repo);
    for (const line of snippet('hook', 'README.md').trim().split('\n'))
      expect({ line, ran: runIn(repo, env, ['sh', '-c', line]) }).toEqual({ line, ran: true });
    expectLinting(repo, env);
    expect(snippet('pre-commit', 'README.md')).toBe(snippet('pre-commit'));
    expect(snippet('pre-commit')).toContain('id: promptv-lint');
  });

  it.skipIf(husky === null).each([
    ['written by hand', false],
    ['added by hooks install', true],
  ])('works in husky, %s', async (_, isInstalled) => {
    const repo = makeRepo({ 'package.json': '{}' });
    const env = withPromptv(repo);
    expect(runIn(repo, env, [process.execPath, husky ?? ''])).toBe(true);
    writeFileSync(join(repo.dir, '.husky/pre-commit'), isInstalled ? 'echo first\n' : snippet('husky'));
    if (isInstalled) {
      const run = await repo.promptv(['hooks', 'install', '--json']);
      expect(run.json()).toMatchObject({
        manager: 'husky',
        hooks: [{ state: 'installed', changed: true }, {}],
      });
    }
    expectLinting(repo, env);
    if (isInstalled) {
      await repo.promptv(['hooks', 'uninstall']);
      expect(repo.read('.husky/pre-commit')).toBe('echo first\n');
    }
  });

  it.skipIf(lefthook === null)('works in lefthook with the lines that hooks install shows', async () => {
    const repo = makeRepo({ 'lefthook.yml': snippet('lefthook') });
    const env = withPromptv(repo);
    const run = await repo.promptv(['hooks', 'install', '--json']);
    expect(run.json()).toMatchObject({ manager: 'lefthook', snippet: snippet('lefthook') });
    expect(runIn(repo, env, [process.execPath, lefthook ?? '', 'install'])).toBe(true);
    expectLinting(repo, env);
  });
});

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

/** Whether the pre-commit framework is here; in CI it must be. */
const hasFramework = (): boolean => {
  try {
    execFileSync('pre-commit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env.CI) throw new Error('pre-commit is missing: apt-get install pre-commit');
    console.warn('skipped: the program pre-commit is missing');
    return false;
  }
};

/** This project, as it stands in the index and on disk, in a repository that pre-commit can clone. */
const cloneOfProject = (): TempRepo => {
  const repo = createTempRepo({ commit: false });
  repos.push(repo);
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: projectRoot, encoding: 'utf8' });
  for (const path of listed.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(repo.dir, path)), { recursive: true });
    cpSync(join(projectRoot, path), join(repo.dir, path));
  }
  repo.git('add', '--all');
  repo.git('commit', '--quiet', '-m', 'Project');
  return repo;
};

it.skipIf(!hasFramework())(
  'the pre-commit framework builds promptv from a clone and lints what is committed',
  { timeout: 400_000 },
  () => {
    const project = cloneOfProject();
    const repo = createTempRepo({ files: { 'notes.txt': 'one\n' } });
    repos.push(repo);
    const page = readFileSync(join(projectRoot, 'docs/hooks.md'), 'utf8');
    const [, snippet = ''] = /```yaml pre-commit\n([\s\S]*?)```/.exec(page) ?? [];
    const settings = snippet
      .replace(/repo: \S+/, `repo: file://${project.dir}`)
      .replace(/rev: \S+/, `rev: ${project.git('rev-parse', 'HEAD')}`);
    expect(settings).toContain('promptv-lint');
    repo.write('.pre-commit-config.yaml', settings);
    // npm needs this machine's way to the registry, and what it has fetched before.
    const network = Object.entries(process.env).filter(([key]) =>
      /^(?:npm_config_|NODE_EXTRA|SSL_|\w*_proxy$)/i.test(key),
    );
    const npm = {
      npm_config_cache: join(homedir(), '.npm'),
      npm_config_userconfig: join(homedir(), '.npmrc'),
    };
    const env = {
      ...npm,
      ...Object.fromEntries(network),
      ...repo.env,
      PRE_COMMIT_HOME: join(repo.root, 'pre-commit'),
    };
    const run = (program: string, ...args: string[]): string => {
      try {
        execFileSync(program, args, { cwd: repo.dir, env, encoding: 'utf8', stdio: 'pipe' });
        return 'done';
      } catch (error) {
        return error instanceof Error && 'stdout' in error
          ? `${error.stdout}${error.message}`
          : String(error);
      }
    };
    expect(run('pre-commit', 'install')).toBe('done');
    repo.write('prompts/a.yaml', 'description: Greets.\ncontent: Greet {{nobody}} by name, please.\n');
    repo.git('add', '.');
    expect(run('git', 'commit', '--quiet', '-m', 'Mine')).toContain('undeclared-variable');
    repo.write('prompts/a.yaml', 'description: Greets.\ncontent: Greet the customer by name.\n');
    repo.git('add', '.');
    expect(run('git', 'commit', '--quiet', '-m', 'Mine')).toBe('done');
    repo.write('prompts/b.yaml', 'description: Greets.\ncontent: "Greet all: {{> a}}"\n');
    repo.git('add', '.');
    expect(run('git', 'commit', '--quiet', '-m', 'Mine')).toBe('done');
    repo.git('rm', '--quiet', 'prompts/a.yaml');
    expect(run('git', 'commit', '--quiet', '-m', 'Mine')).toContain('missing-partial');
  },
);

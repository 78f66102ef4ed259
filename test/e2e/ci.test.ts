import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snapshot } from '../helpers/snapshot.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

interface Saved {
  readonly prompt: string;
  readonly version: string;
  readonly previousVersion: string | null;
  readonly bump: string;
  readonly impact: string;
  readonly commit: string;
}

interface SaveAnswer {
  readonly saved: readonly Saved[];
  readonly unchanged: readonly { readonly version: string }[];
  readonly warnings: readonly { readonly code: string }[];
  readonly pushCommand: string | null;
}

/** The lines of a tag's last paragraph. */
const recordOf = (repo: TempRepo, tag: string): Record<string, string> => {
  const last = repo.git('cat-file', 'tag', tag).split('\n\n').at(-1) ?? '';
  return Object.fromEntries(last.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
};

const prompt = (text: string, variables = ''): string => `content: ${text}\n${variables}`;
const optional = 'variables:\n  - {name: tone, type: string, default: calm}\n';
const required = 'variables:\n  - {name: who, type: string}\n';

/** Each system's variables for a build of a branch, and what the tag should say of the run. */
const systems: readonly (readonly [
  provider: string,
  variables: (branch: string, commit: string) => Record<string, string>,
  run: string,
  url: string,
])[] = [
  [
    'github',
    (branch, commit) => ({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REF: `refs/heads/${branch}`,
      GITHUB_REF_NAME: branch,
      GITHUB_REF_TYPE: 'branch',
      GITHUB_SHA: commit,
      GITHUB_RUN_ID: '71',
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: 'o/r',
    }),
    '71',
    'https://github.example/o/r/actions/runs/71',
  ],
  [
    'gitlab',
    (branch, commit) => ({
      CI: 'true',
      GITLAB_CI: 'true',
      CI_COMMIT_BRANCH: branch,
      CI_COMMIT_REF_NAME: branch,
      CI_COMMIT_SHA: commit,
      CI_PIPELINE_ID: '72',
      CI_PIPELINE_URL: 'https://gitlab.example/o/r/-/pipelines/72',
    }),
    '72',
    'https://gitlab.example/o/r/-/pipelines/72',
  ],
  [
    'circleci',
    (branch, commit) => ({
      CI: 'true',
      CIRCLECI: 'true',
      CIRCLE_BRANCH: branch,
      CIRCLE_SHA1: commit,
      CIRCLE_BUILD_NUM: '73',
      CIRCLE_BUILD_URL: 'https://circleci.example/gh/o/r/73',
    }),
    '73',
    'https://circleci.example/gh/o/r/73',
  ],
  [
    'jenkins',
    (branch, commit) => ({
      JENKINS_URL: 'https://jenkins.example/',
      BUILD_NUMBER: '74',
      BUILD_URL: 'https://jenkins.example/job/r/74/',
      GIT_BRANCH: `origin/${branch}`,
      GIT_COMMIT: commit,
    }),
    '74',
    'https://jenkins.example/job/r/74/',
  ],
  [
    'azure',
    (branch, commit) => ({
      TF_BUILD: 'True',
      BUILD_SOURCEBRANCH: `refs/heads/${branch}`,
      BUILD_SOURCEVERSION: commit,
      BUILD_BUILDID: '75',
      SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: 'https://dev.azure.example/org/',
      SYSTEM_TEAMPROJECT: 'my project',
    }),
    '75',
    'https://dev.azure.example/org/my%20project/_build/results?buildId=75',
  ],
  [
    'buildkite',
    (branch, commit) => ({
      CI: 'true',
      BUILDKITE: 'true',
      BUILDKITE_BRANCH: branch,
      BUILDKITE_COMMIT: commit,
      BUILDKITE_BUILD_NUMBER: '76',
      BUILDKITE_BUILD_URL: 'https://buildkite.example/o/r/builds/76',
      BUILDKITE_PULL_REQUEST: 'false',
    }),
    '76',
    'https://buildkite.example/o/r/builds/76',
  ],
  [
    'bitbucket',
    (branch, commit) => ({
      CI: 'true',
      BITBUCKET_BUILD_NUMBER: '77',
      BITBUCKET_BRANCH: branch,
      BITBUCKET_COMMIT: commit,
      BITBUCKET_REPO_FULL_NAME: 'o/r',
    }),
    '77',
    'https://bitbucket.org/o/r/pipelines/results/77',
  ],
];

const githubOn = (branch: string): Record<string, string> => systems[0]?.[1](branch, '0'.repeat(40)) ?? {};

describe('a build of a branch', () => {
  let repo: TempRepo;

  beforeAll(() => {
    const files = systems.map(([provider]) => [`prompts/${provider}.yaml`, prompt(provider)] as const);
    repo = createTempRepo({ files: Object.fromEntries(files), remote: true });
    repo.git('checkout', '--quiet', '--detach');
  });

  afterAll(() => repo.remove());

  it.each(
    systems,
  )('on %s tags the commit that is checked out and records the run', async (provider, vars, run, url) => {
    const head = repo.git('rev-parse', 'HEAD');
    const answer = await repo.promptv(['save', provider, '--json'], { env: vars('release/2', head) });
    expect(answer.exitCode).toBe(0);
    const { saved, warnings, pushCommand } = answer.json<SaveAnswer>();
    expect(saved).toMatchObject([{ prompt: provider, version: '1.0.0', commit: head }]);
    expect(repo.git('rev-parse', 'HEAD')).toBe(head);
    expect(recordOf(repo, `prompts/${provider}@1.0.0`)).toMatchObject({
      Branch: 'release/2',
      Commit: head,
      'CI-Provider': provider,
      'CI-Run': run,
      'CI-Url': url,
    });
    // A tag that stays on the runner is gone with it.
    expect(warnings.map(({ code }) => code)).toContain('TAGS_STAY_ON_RUNNER');
    expect(pushCommand).toBe(`git push --atomic origin refs/tags/prompts/${provider}@1.0.0`);
  });

  it('that runs twice does nothing the second time', async () => {
    const run = await repo.promptv(['save', '--json'], { env: githubOn('release/2') });
    expect(run.exitCode).toBe(0);
    expect(run.json<SaveAnswer>().saved).toEqual([]);
    expect(run.json<SaveAnswer>().unchanged).toHaveLength(systems.length);
  });

  it('outside of CI a detached HEAD has no branch and says nothing of a runner', async () => {
    repo.write('prompts/own.yaml', prompt('own'));
    repo.git('add', '--all');
    repo.git('commit', '--quiet', '--message', 'Own');
    const run = await repo.promptv(['save', 'own', '--json']);
    expect(run.json<SaveAnswer>().warnings).toEqual([]);
    const record = recordOf(repo, 'prompts/own@1.0.0');
    expect(record).not.toHaveProperty('Branch');
    expect(record).not.toHaveProperty('CI-Provider');
  });
});

describe('the rules of the configuration', () => {
  const repos: TempRepo[] = [];

  /** A repository with that configuration, in which `a` is saved as 1.0.0. */
  const start = async (config: string): Promise<TempRepo> => {
    const repo = createTempRepo({ files: { '.promptrc.yaml': config, 'prompts/a.yaml': prompt('a') } });
    repos.push(repo);
    const args = /requireMessage/.test(config) ? ['-m', 'First'] : [];
    expect((await repo.promptv(['save', 'a', ...args])).exitCode).toBe(0);
    return repo;
  };

  const save = async (repo: TempRepo, args: readonly string[] = [], branch?: string): Promise<SaveAnswer> => {
    const run = await repo.promptv(['save', 'a', ...args, '--json'], branch ? { env: githubOn(branch) } : {});
    if (run.exitCode !== 0) throw new Error(run.stderr);
    return run.json<SaveAnswer>();
  };

  afterAll(() => {
    for (const repo of repos) repo.remove();
  });

  const branches = 'bump:\n  branches: {main: patch, "feature/*": minor, "breaking/*": major}\n';

  it.concurrent.each([
    ['main', '1.0.1', 'patch'],
    ['feature/tone', '1.1.0', 'minor'],
    ['breaking/schema', '2.0.0', 'major'],
    ['fix/typo', '1.0.1', 'patch'],
  ])('the bump on %s, as CI names it, gives %s', async (branch, version, bump) => {
    const repo = await start(branches);
    repo.write('prompts/a.yaml', prompt('b'));
    repo.git('commit', '--quiet', '--all', '--message', 'b');
    repo.git('checkout', '--quiet', '--detach');
    expect((await save(repo, [], branch)).saved).toMatchObject([{ version, bump, impact: 'patch' }]);
  });

  it.concurrent('a rule below the impact is a warning, and recorded', async () => {
    const repo = await start(branches);
    repo.write('prompts/a.yaml', prompt('"b {{who}}"', required));
    const { saved, warnings } = await save(repo);
    expect(saved).toMatchObject([{ version: '1.0.1', bump: 'patch', impact: 'major' }]);
    expect(warnings.map(({ code }) => code)).toEqual(['BUMP_BELOW_IMPACT']);
    expect(recordOf(repo, 'prompts/a@1.0.1')).toMatchObject({ Bump: 'patch', Impact: 'major' });
  });

  it.concurrent('so is an explicit bump; auto and a larger one are none', async () => {
    const repo = await start('');
    repo.write('prompts/a.yaml', prompt('"b {{tone}}"', optional));
    const low = await save(repo, ['--bump', 'patch']);
    expect(low.saved).toMatchObject([{ version: '1.0.1', bump: 'patch', impact: 'minor' }]);
    expect(low.warnings.map(({ code }) => code)).toEqual(['BUMP_BELOW_IMPACT']);
    repo.write('prompts/a.yaml', prompt('c'));
    const high = await save(repo, ['--bump', 'auto']);
    expect(high.saved).toMatchObject([{ version: '2.0.0', bump: 'major', impact: 'major' }]);
    expect(high.warnings).toEqual([]);
    repo.write('prompts/a.yaml', prompt('d'));
    expect((await save(repo, ['--bump', 'major'])).saved).toMatchObject([
      { version: '3.0.0', bump: 'major', impact: 'patch' },
    ]);
  });

  it.concurrent('bump.strict refuses it with exit 3 and changes nothing', async () => {
    const repo = await start('bump: {strict: true}\n');
    repo.write('prompts/a.yaml', prompt('"b {{who}}"', required));
    const before = snapshot(repo);
    const run = await repo.promptv(['save', 'a', '--bump', 'minor', '--json']);
    expect(run.exitCode).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({ schemaVersion: 1, ok: false, error: run.error() });
    expect(run.error()).toMatchObject({
      code: 'BUMP_TOO_SMALL',
      hint: expect.stringContaining('--bump major'),
    });
    expect(snapshot(repo)).toEqual(before);
    expect((await save(repo, ['--bump', 'major'])).saved).toMatchObject([{ version: '2.0.0' }]);
  });

  it.concurrent('releaseBranches make other branches cut pre-releases, which a release branch releases', async () => {
    const repo = await start('releaseBranches: [main, "release/*"]\n');
    repo.write('prompts/a.yaml', prompt('b'));
    expect((await save(repo, [], 'Feature/Nicer_Tone')).saved).toMatchObject([
      { version: '1.0.1-feature-nicer-tone.1' },
    ]);
    repo.write('prompts/a.yaml', prompt('c'));
    expect((await save(repo, [], 'Feature/Nicer_Tone')).saved).toMatchObject([
      { version: '1.0.1-feature-nicer-tone.2' },
    ]);
    const shown = await repo.promptv(['show', 'a', '--json']);
    expect(shown.json<{ version: string }>().version).toBe('1.0.0');
    expect((await save(repo, [], 'release/1')).saved).toMatchObject([{ version: '1.0.1' }]);
  });

  it.concurrent('a candidate counts up, and a plain save releases its text', async () => {
    const repo = await start('');
    repo.write('prompts/a.yaml', prompt('b', optional));
    const candidate = ['--bump', 'prerelease', '--preid', 'rc'];
    expect((await save(repo, candidate)).saved).toMatchObject([
      { version: '1.1.0-rc.1', previousVersion: '1.0.0', bump: 'prerelease', impact: 'minor' },
    ]);
    expect((await save(repo, candidate)).saved).toEqual([]);
    repo.write('prompts/a.yaml', prompt('c', optional));
    expect((await save(repo, candidate)).saved).toMatchObject([
      { version: '1.1.0-rc.2', previousVersion: '1.1.0-rc.1', impact: 'patch' },
    ]);
    expect((await save(repo)).saved).toMatchObject([
      { version: '1.1.0', previousVersion: '1.0.0', impact: 'minor' },
    ]);
    expect((await save(repo)).saved).toEqual([]);
  });

  it.concurrent('requireMessage refuses a version without one', async () => {
    const repo = await start('requireMessage: true\n');
    repo.write('prompts/a.yaml', prompt('b'));
    const before = snapshot(repo);
    const run = await repo.promptv(['save', '--json']);
    expect(run.exitCode).toBe(2);
    expect(run.error()).toMatchObject({ code: 'MESSAGE_REQUIRED', hint: expect.stringContaining('-m') });
    expect(snapshot(repo)).toEqual(before);
    expect((await save(repo, ['-m', 'Why'])).saved).toHaveLength(1);
    expect((await save(repo)).saved).toEqual([]);
  });

  it.concurrent('--set-version makes a hot fix below the highest, whose predecessor is the one below it', async () => {
    const repo = await start('');
    repo.write('prompts/a.yaml', prompt('b', optional));
    await save(repo, ['--set-version', '2.0.0']);
    repo.write('prompts/a.yaml', prompt('a, corrected'));
    expect((await save(repo, ['--set-version', '1.0.1'])).saved).toMatchObject([
      { version: '1.0.1', previousVersion: '1.0.0', impact: 'patch', bump: 'explicit' },
    ]);
    const latest = await repo.promptv(['show', 'a', '--json']);
    expect(latest.json<{ version: string }>().version).toBe('2.0.0');
    repo.write('prompts/a.yaml', prompt('something else'));
    const before = snapshot(repo);
    for (const version of ['1.0.1', '2.0.0', '1.0', 'v3.0.0', '3.0.0+build', '01.0.0', 'latest']) {
      const run = await repo.promptv(['save', 'a', '--set-version', version, '--json']);
      expect([version, run.exitCode, run.error().code]).toEqual([version, 2, 'VERSION_INVALID']);
    }
    expect(snapshot(repo)).toEqual(before);
  });

  it.concurrent('author, subject and sign-off reach the commit; the tag names who changed the text', async () => {
    const repo = await start('commit: {subject: "prompts: {prompts}", signoff: true}\n');
    repo.write('prompts/a.yaml', prompt('b'));
    await save(repo, ['--author', 'Ana O’Neil <ana@example.org>']);
    expect(repo.git('show', '-s', '--format=%an <%ae>%n%s', 'HEAD')).toBe(
      'Ana O’Neil <ana@example.org>\nprompts: a',
    );
    expect(repo.git('show', '-s', '--format=%(trailers:key=Signed-off-by,valueonly)', 'HEAD')).toContain(
      'Test Author <author@example.com>',
    );
    expect(recordOf(repo, 'prompts/a@1.0.1').Authors).toBe('Ana O’Neil <ana@example.org>');
    repo.write('prompts/a.yaml', prompt('c'));
    await save(repo, ['-m', 'My own words']);
    expect(repo.git('show', '-s', '--format=%s', 'HEAD')).toBe('My own words');
  });
});

import { describe, expect, it } from 'vitest';
import { type CiContext, readCiContext } from '../../../src/core/ci-context.ts';

const commit = 'a'.repeat(40);

const context = (changes: Partial<CiContext>): CiContext => ({
  provider: 'unknown',
  branch: null,
  targetBranch: null,
  tag: null,
  commit: null,
  run: null,
  url: null,
  isPullRequest: false,
  ...changes,
});

const github = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_REF: 'refs/heads/feature/a',
  GITHUB_REF_NAME: 'feature/a',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_HEAD_REF: '',
  GITHUB_SHA: commit,
  GITHUB_RUN_ID: '42',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'o/r',
};
const githubRun = { provider: 'github', commit, run: '42', url: 'https://github.com/o/r/actions/runs/42' };

const gitlab = {
  GITLAB_CI: 'true',
  CI_COMMIT_SHA: commit,
  CI_PIPELINE_ID: '7',
  CI_PIPELINE_URL: 'https://gitlab.com/o/r/-/pipelines/7',
};
const gitlabRun = { provider: 'gitlab', commit, run: '7', url: 'https://gitlab.com/o/r/-/pipelines/7' };

const circleci = {
  CIRCLECI: 'true',
  CIRCLE_SHA1: commit,
  CIRCLE_BUILD_NUM: '9',
  CIRCLE_BUILD_URL: 'https://circleci.com/gh/o/r/9',
};
const circleciRun = { provider: 'circleci', commit, run: '9', url: 'https://circleci.com/gh/o/r/9' };

const azure = {
  TF_BUILD: 'True',
  BUILD_SOURCEBRANCH: 'refs/heads/main',
  BUILD_SOURCEVERSION: commit,
  BUILD_BUILDID: '5',
  SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: 'https://dev.azure.com/o/',
  SYSTEM_TEAMPROJECT: 'My Project',
};
const azureRun = {
  provider: 'azure',
  commit,
  run: '5',
  url: 'https://dev.azure.com/o/My%20Project/_build/results?buildId=5',
};

const buildkite = {
  BUILDKITE: 'true',
  BUILDKITE_BRANCH: 'main',
  BUILDKITE_COMMIT: commit,
  BUILDKITE_BUILD_NUMBER: '3',
  BUILDKITE_BUILD_URL: 'https://buildkite.com/o/p/builds/3',
  BUILDKITE_PULL_REQUEST: 'false',
};
const buildkiteRun = { provider: 'buildkite', commit, run: '3', url: 'https://buildkite.com/o/p/builds/3' };

const bitbucket = {
  CI: 'true',
  BITBUCKET_BUILD_NUMBER: '8',
  BITBUCKET_COMMIT: commit,
  BITBUCKET_REPO_FULL_NAME: 'o/r',
};
const bitbucketRun = {
  provider: 'bitbucket',
  commit,
  run: '8',
  url: 'https://bitbucket.org/o/r/pipelines/results/8',
};

const jenkins = {
  JENKINS_URL: 'https://ci.example.com/',
  BUILD_NUMBER: '6',
  BUILD_URL: 'https://ci.example.com/job/x/6/',
  GIT_COMMIT: commit,
};
const jenkinsRun = { provider: 'jenkins', commit, run: '6', url: 'https://ci.example.com/job/x/6/' };

describe('readCiContext', () => {
  it.each<[string, Record<string, string>, Partial<CiContext>]>([
    ['GitHub: a push', github, { ...githubRun, branch: 'feature/a' }],
    [
      'GitHub: a tag',
      { ...github, GITHUB_REF: 'refs/tags/v1', GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' },
      { ...githubRun, tag: 'v1' },
    ],
    [
      'GitHub: a pull request',
      {
        ...github,
        GITHUB_REF: 'refs/pull/1/merge',
        GITHUB_REF_NAME: '1/merge',
        GITHUB_HEAD_REF: 'fix',
        GITHUB_BASE_REF: 'main',
      },
      { ...githubRun, branch: 'fix', targetBranch: 'main', isPullRequest: true },
    ],
    ['GitHub: short names alone', { ...github, GITHUB_REF: '' }, { ...githubRun, branch: 'feature/a' }],
    [
      'GitHub: a short tag name alone',
      { ...github, GITHUB_REF: '', GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' },
      { ...githubRun, tag: 'v1' },
    ],
    ['GitHub: nothing but its mark', { GITHUB_ACTIONS: 'true' }, { provider: 'github' }],
    ['GitLab: a push', { ...gitlab, CI_COMMIT_BRANCH: 'main' }, { ...gitlabRun, branch: 'main' }],
    ['GitLab: a tag', { ...gitlab, CI_COMMIT_TAG: 'v1' }, { ...gitlabRun, tag: 'v1' }],
    [
      'GitLab: a merge request',
      {
        ...gitlab,
        CI_MERGE_REQUEST_IID: '3',
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'fix',
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      },
      { ...gitlabRun, branch: 'fix', targetBranch: 'main', isPullRequest: true },
    ],
    ['CircleCI: a push', { ...circleci, CIRCLE_BRANCH: 'main' }, { ...circleciRun, branch: 'main' }],
    ['CircleCI: a tag', { ...circleci, CIRCLE_TAG: 'v1' }, { ...circleciRun, tag: 'v1' }],
    [
      'CircleCI: a pull request',
      { ...circleci, CIRCLE_BRANCH: 'fix', CIRCLE_PULL_REQUEST: 'https://github.com/o/r/pull/3' },
      { ...circleciRun, branch: 'fix', isPullRequest: true },
    ],
    [
      'CircleCI: of a fork',
      { ...circleci, CIRCLE_BRANCH: 'pull/3' },
      { ...circleciRun, branch: 'pull/3', isPullRequest: true },
    ],
    ['Azure: a push', azure, { ...azureRun, branch: 'main' }],
    [
      'Azure: a branch in a folder',
      { ...azure, BUILD_SOURCEBRANCH: 'refs/heads/feature/a' },
      { ...azureRun, branch: 'feature/a' },
    ],
    ['Azure: a tag', { ...azure, BUILD_SOURCEBRANCH: 'refs/tags/v1' }, { ...azureRun, tag: 'v1' }],
    [
      'Azure: a pull request',
      {
        ...azure,
        BUILD_SOURCEBRANCH: 'refs/pull/1/merge',
        BUILD_REASON: 'PullRequest',
        SYSTEM_PULLREQUEST_SOURCEBRANCH: 'refs/heads/fix',
        SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
      },
      { ...azureRun, branch: 'fix', targetBranch: 'main', isPullRequest: true },
    ],
    ['Buildkite: a push', buildkite, { ...buildkiteRun, branch: 'main' }],
    [
      'Buildkite: a tag, which it repeats as branch',
      { ...buildkite, BUILDKITE_BRANCH: 'v1', BUILDKITE_TAG: 'v1' },
      { ...buildkiteRun, tag: 'v1' },
    ],
    [
      'Buildkite: a pull request',
      { ...buildkite, BUILDKITE_PULL_REQUEST: '12', BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'next' },
      { ...buildkiteRun, branch: 'main', targetBranch: 'next', isPullRequest: true },
    ],
    [
      'Buildkite: a build of HEAD',
      { ...buildkite, BUILDKITE_COMMIT: 'HEAD' },
      { ...buildkiteRun, branch: 'main', commit: null },
    ],
    ['Bitbucket: a push', { ...bitbucket, BITBUCKET_BRANCH: 'main' }, { ...bitbucketRun, branch: 'main' }],
    ['Bitbucket: a tag', { ...bitbucket, BITBUCKET_TAG: 'v1' }, { ...bitbucketRun, tag: 'v1' }],
    [
      'Bitbucket: a pull request',
      {
        ...bitbucket,
        BITBUCKET_BRANCH: 'fix',
        BITBUCKET_PR_ID: '2',
        BITBUCKET_PR_DESTINATION_BRANCH: 'main',
      },
      { ...bitbucketRun, branch: 'fix', targetBranch: 'main', isPullRequest: true },
    ],
    [
      'Jenkins: a multi-branch job',
      { ...jenkins, BRANCH_NAME: 'main', GIT_BRANCH: 'origin/x' },
      { ...jenkinsRun, branch: 'main' },
    ],
    [
      'Jenkins: a simple job',
      { ...jenkins, GIT_BRANCH: 'origin/feature/a' },
      { ...jenkinsRun, branch: 'feature/a' },
    ],
    ['Jenkins: a full ref', { ...jenkins, GIT_BRANCH: 'refs/heads/main' }, { ...jenkinsRun, branch: 'main' }],
    ['Jenkins: detached', { ...jenkins, GIT_BRANCH: 'detached' }, jenkinsRun],
    ['Jenkins: a tag', { ...jenkins, BRANCH_NAME: 'v1', TAG_NAME: 'v1' }, { ...jenkinsRun, tag: 'v1' }],
    [
      'Jenkins: a change',
      { ...jenkins, BRANCH_NAME: 'PR-1', CHANGE_ID: '1', CHANGE_BRANCH: 'fix', CHANGE_TARGET: 'main' },
      { ...jenkinsRun, branch: 'fix', targetBranch: 'main', isPullRequest: true },
    ],
    ['another system', { CI: '1' }, {}],
  ])('%s', (_, env, expected) => {
    expect(readCiContext(env)).toEqual(context(expected));
  });

  it.each([
    {},
    { CI: '' },
    { CI: 'false' },
    { CI: '0' },
    { GITHUB_ACTIONS: 'false' },
    { JENKINS_URL: 'https://ci' },
  ])('is null outside of CI: %j', (env) => {
    expect(readCiContext(env)).toBeNull();
  });

  it.each([
    ['https://user:token@ci.example.com/job/6/', 'https://ci.example.com/job/6/'],
    ['https://token@ci.example.com/', 'https://ci.example.com/'],
    ['javascript:alert(1)', null],
    ['not an address', null],
  ])('takes of the address %s what may be shown', (url, expected) => {
    expect(readCiContext({ ...jenkins, BUILD_URL: url })?.url).toBe(expected);
  });

  it('leaves hostile names as they are, for whoever writes them escapes them', () => {
    const branch = 'x\nBump: major';
    expect(readCiContext({ ...buildkite, BUILDKITE_BRANCH: branch })?.branch).toBe(branch);
  });
});

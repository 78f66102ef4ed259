import type { CiContext } from './ci-context.ts';

/** The value of an environment variable; null when it is unset or blank. */
type Read = (name: string) => string | null;

/** A CI system: how it is recognised, and where its variables keep what. */
interface CiProvider {
  readonly name: string;
  readonly isActive: (read: Read) => boolean;
  readonly readRun: (read: Read) => Partial<Omit<CiContext, 'provider'>>;
}

/** Whether a variable's value says yes. */
export const isSet = (value: string | null): boolean => value !== null && !/^(false|0)$/i.test(value);

const afterPrefix = (text: string | null, prefix: string): string | null =>
  text?.startsWith(prefix) ? text.slice(prefix.length) : null;

/** The parts of an address joined, or null if one is missing. */
const joinAddress = (...parts: readonly (string | null)[]): string | null =>
  parts.includes(null) ? null : parts.join('');

const github: CiProvider = {
  name: 'github',
  isActive: (read) => isSet(read('GITHUB_ACTIONS')),
  readRun: (read) => {
    const ref =
      read('GITHUB_REF') ??
      `refs/${read('GITHUB_REF_TYPE') === 'tag' ? 'tags' : 'heads'}/${read('GITHUB_REF_NAME') ?? ''}`;
    const run = read('GITHUB_RUN_ID');
    return {
      targetBranch: read('GITHUB_BASE_REF'),
      branch: read('GITHUB_HEAD_REF') ?? (afterPrefix(ref, 'refs/heads/') || null),
      tag: afterPrefix(ref, 'refs/tags/') || null,
      commit: read('GITHUB_SHA'),
      run,
      url: joinAddress(read('GITHUB_SERVER_URL'), '/', read('GITHUB_REPOSITORY'), '/actions/runs/', run),
      isPullRequest: read('GITHUB_HEAD_REF') !== null,
    };
  },
};

const gitlab: CiProvider = {
  name: 'gitlab',
  isActive: (read) => isSet(read('GITLAB_CI')),
  readRun: (read) => ({
    branch:
      read('CI_MERGE_REQUEST_SOURCE_BRANCH_NAME') ??
      read('CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME') ??
      read('CI_COMMIT_BRANCH'),
    targetBranch:
      read('CI_MERGE_REQUEST_TARGET_BRANCH_NAME') ?? read('CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME'),
    tag: read('CI_COMMIT_TAG'),
    commit: read('CI_COMMIT_SHA'),
    run: read('CI_PIPELINE_ID'),
    url: read('CI_PIPELINE_URL'),
    isPullRequest: (read('CI_MERGE_REQUEST_IID') ?? read('CI_EXTERNAL_PULL_REQUEST_IID')) !== null,
  }),
};

const circleci: CiProvider = {
  name: 'circleci',
  isActive: (read) => isSet(read('CIRCLECI')),
  readRun: (read) => ({
    branch: read('CIRCLE_BRANCH'),
    tag: read('CIRCLE_TAG'),
    commit: read('CIRCLE_SHA1'),
    run: read('CIRCLE_BUILD_NUM') ?? read('CIRCLE_WORKFLOW_ID'),
    url: read('CIRCLE_BUILD_URL'),
    // The branch of a fork's pull request is `pull/123`.
    isPullRequest: read('CIRCLE_PULL_REQUEST') !== null || /^pull\/\d+$/.test(read('CIRCLE_BRANCH') ?? ''),
  }),
};

const azure: CiProvider = {
  name: 'azure',
  isActive: (read) => isSet(read('TF_BUILD')),
  readRun: (read) => {
    const ref = read('BUILD_SOURCEBRANCH');
    const run = read('BUILD_BUILDID');
    const source = read('SYSTEM_PULLREQUEST_SOURCEBRANCH');
    const target = read('SYSTEM_PULLREQUEST_TARGETBRANCH');
    const project = read('SYSTEM_TEAMPROJECT');
    return {
      branch: afterPrefix(source, 'refs/heads/') ?? source ?? afterPrefix(ref, 'refs/heads/'),
      targetBranch: afterPrefix(target, 'refs/heads/') ?? target,
      tag: afterPrefix(ref, 'refs/tags/'),
      commit: read('BUILD_SOURCEVERSION'),
      run,
      url: joinAddress(
        read('SYSTEM_TEAMFOUNDATIONCOLLECTIONURI')?.replace(/\/?$/, '/') ?? null,
        project && encodeURIComponent(project),
        '/_build/results?buildId=',
        run,
      ),
      isPullRequest: read('BUILD_REASON') === 'PullRequest' || source !== null,
    };
  },
};

const buildkite: CiProvider = {
  name: 'buildkite',
  isActive: (read) => isSet(read('BUILDKITE')),
  readRun: (read) => ({
    branch: read('BUILDKITE_BRANCH'),
    targetBranch: read('BUILDKITE_PULL_REQUEST_BASE_BRANCH'),
    tag: read('BUILDKITE_TAG'),
    commit: read('BUILDKITE_COMMIT'),
    run: read('BUILDKITE_BUILD_NUMBER'),
    url: read('BUILDKITE_BUILD_URL'),
    isPullRequest: isSet(read('BUILDKITE_PULL_REQUEST')),
  }),
};

const bitbucket: CiProvider = {
  name: 'bitbucket',
  isActive: (read) => read('BITBUCKET_BUILD_NUMBER') !== null,
  readRun: (read) => {
    const run = read('BITBUCKET_BUILD_NUMBER');
    const repository = read('BITBUCKET_REPO_FULL_NAME');
    return {
      branch: read('BITBUCKET_BRANCH'),
      targetBranch: read('BITBUCKET_PR_DESTINATION_BRANCH'),
      tag: read('BITBUCKET_TAG'),
      commit: read('BITBUCKET_COMMIT'),
      run,
      url: joinAddress('https://bitbucket.org/', repository, '/pipelines/results/', run),
      isPullRequest: read('BITBUCKET_PR_ID') !== null,
    };
  },
};

const jenkins: CiProvider = {
  name: 'jenkins',
  // People export JENKINS_URL on their own machines; a build also has a number.
  isActive: (read) => read('JENKINS_URL') !== null && (read('BUILD_NUMBER') ?? read('BUILD_ID')) !== null,
  readRun: (read) => ({
    branch: jenkinsBranch(read),
    targetBranch: read('CHANGE_TARGET'),
    tag: read('TAG_NAME'),
    commit: read('GIT_COMMIT'),
    run: read('BUILD_NUMBER') ?? read('BUILD_ID'),
    url: read('BUILD_URL'),
    isPullRequest: read('CHANGE_ID') !== null,
  }),
};

/** For a change request BRANCH_NAME is an arbitrary name such as `PR-12`; GIT_BRANCH names the remote's branch. */
const jenkinsBranch = (read: Read): string | null => {
  if (read('CHANGE_ID') !== null) return read('CHANGE_BRANCH');
  const tracked = read('GIT_BRANCH')?.replace(/^(refs\/heads\/|(refs\/remotes\/|remotes\/)?origin\/)/, '');
  return read('BRANCH_NAME') ?? (tracked && tracked !== 'detached' ? tracked : null);
};

/** The systems in the order in which they are asked: Jenkins last, for its variables have the commonest names. */
export const ciProviders: readonly CiProvider[] = [
  github,
  gitlab,
  circleci,
  azure,
  buildkite,
  bitbucket,
  jenkins,
];
